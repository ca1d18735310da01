using IntegrationPoints.Engine.Records;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;

namespace IntegrationPoints.Providers.Images;

/// <summary>PDF files as images: readable without a password; their pages are counted.</summary>
internal static class PdfFile
{
    /// <summary>How many pages a PDF has, or what it is instead of an image.</summary>
    public static ImageContent Of(Stream file)
    {
        try
        {
            using var pdf = PdfDocument.Open(file, new ParsingOptions { FilterProvider = new PdfStreams() });
            return pdf.NumberOfPages > 0 ? new ImageContent(ImageType.Pdf, pdf.NumberOfPages) : new ImageContent(ImageType.Pdf, 0, "a PDF without pages");
        }
        catch (PdfDocumentEncryptedException)
        {
            return new ImageContent(ImageType.Pdf, 0, "a PDF that needs a password");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a library throws at hostile bytes: they are no image.
            return new ImageContent(ImageType.Pdf, 0, "a damaged PDF");
        }
    }
}
