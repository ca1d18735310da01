using System.Globalization;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>Pages of a document go into its file one by one.</summary>
[Collection(Alone.Name)]
public sealed class ExportedPagesMemoryTests(Stores stores)
{
    [Theory, Trait("Speed", "Slow")]
    [InlineData(ImageOutput.MultiPageTiff)]
    [InlineData(ImageOutput.Pdf)]
    public async Task A_document_of_2000_pages_takes_as_little_memory_as_one_of_200(ImageOutput output)
    {
        var place = new ExportPlace(stores);
        var page = await place.PageAsync("A", ImageType.Tiff, Pictures.Tiff(1, width: 1200, height: 800));
        await WriteAsync(20);
        var few = await RetainedMemory.MostAsync(() => WriteAsync(200));
        var many = await RetainedMemory.MostAsync(() => WriteAsync(2000));
        TestContext.Current.TestOutputHelper!.WriteLine($"{output}: {few:n0} bytes for 200 pages, {many:n0} for 2000");
        // The files have 10 and 100 MB.
        Assert.InRange(many, 0, few + (32L << 20));

        async Task WriteAsync(int count)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"P{count}");
            var pages = Enumerable.Range(1, count).Select(i => page with { Id = string.Create(CultureInfo.InvariantCulture, $"A{i:d4}") });
            var done = await place.Images(name).WriteAsync(ExportPlace.Document(name), [.. pages], output, ExportPlace.Stop);
            Assert.Null(done.Problem);
            Assert.InRange(done.Files[0].Bytes, count * 50_000L, (count + 1) * (page.Bytes + 1000));
        }
    }
}
