using System.Text;

namespace IntegrationPoints.LoadFiles.Tests.Images;

/// <summary>Any bytes read to an end, all of them, line by line as a plain split does; pieces of any size make no difference.</summary>
public class ImageFuzzTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("LOADFILES_FUZZ"), out var rounds) ? rounds : 20_000;

    private static readonly string[] Pieces =
    [
        "A", "REL0001", ",", ",", ",", ",", "Y", "y", ",V,a.tif,Y,,,1", "REL0002,V,a.tif,,,,\r\n", "IM,B,D,0,@V;Dir;F.tif;2\r\n", "IM,", "@", ";", "FT,B,1,1,\n",
        "\r\n", "\r\n", "\n", "\r", "\0", "\u001a", " ", "\t", "é", "þ", "0", "9999999999", "-1", new string('x', 300),
    ];

    [Theory, Trait("Speed", "Slow")]
    [InlineData(ImageFormat.Opticon)]
    [InlineData(ImageFormat.Lfp)]
    public async Task Any_file_reads_as_a_plain_split_does(ImageFormat format)
    {
        var random = new Random(20261123);
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(40); i > 0; i--) text.Append(Pieces[random.Next(Pieces.Length)]);
            var file = ImageReading.Western.GetBytes(text.ToString());
            var lines = await ImageReading.LinesAsync(file, format, piece: random.Next(3) == 0 ? 1 + random.Next(7) : 0);
            Assert.Equal(Plain(text.ToString(), format), lines.Select(l => $"{l.Line} {l.Offset} {l.Length}"));
            var documents = await ImageReading.DocumentsAsync(file, format);
            Assert.Equal(lines.Select(l => l.Line), documents.SelectMany(d => d.Lines).Select(l => l.Line));
            Assert.All(documents.Skip(1), d => Assert.True(d.Lines[0].StartsDocument));
        }
    }

    // Windows-1252 has a byte a letter, so that places in the text are places in the file.
    private static IEnumerable<string> Plain(string text, ImageFormat format)
    {
        var (line, at) = (0, 0);
        while (at < text.Length)
        {
            var end = text.IndexOfAny(['\r', '\n'], at);
            var next = end < 0 ? text.Length : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            var own = text[at..(end < 0 ? text.Length : end)];
            if (end < 0) own = own.TrimEnd('\u001a');
            line++;
            if (!string.IsNullOrWhiteSpace(own) && (format == ImageFormat.Opticon || own.Split(',')[0].Trim().Equals("IM", StringComparison.OrdinalIgnoreCase)))
                yield return $"{line} {at} {next - at}";
            at = next;
        }
    }
}
