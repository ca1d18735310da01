using System.Text;
using System.Text.Json;
using CsCheck;
using IntegrationPoints.Engine.Records;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.Engine.Tests.Records;

public sealed class RecordJsonTests
{
    private static readonly Record Full = new()
    {
        Type = "Document",
        Identifier = "REL1",
        Filterable = { ["a1"] = "REL0" },
        Values =
        {
            ["b1"] = "Façade ® \"q\" <b> 😀\n",
            ["b2"] = int.MinValue,
            ["b3"] = true,
            ["b4"] = new[] { "Hot", @"Hot\Really Hot" },
            ["b5"] = new TextReference("files/ws/j/1-2.txt", 123456789012),
        },
        Folder = new RecordFolder(@"a\b", ["1", "2"]),
        Native = new NativeFile("a.msg", 0, "files/ws/j/1-2", Linked: true),
        Stamp = new RecordStamp("job", 0, 12),
        Edited = true,
        CreatedUtc = new DateTimeOffset(2023, 6, 30, 9, 0, 0, TimeSpan.Zero),
        ModifiedUtc = new DateTimeOffset(2023, 7, 1, 9, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void A_record_is_stored_in_this_shape()
    {
        // Golden: what is stored must be readable for ever.
        const string Expected = """
            {"type":"Document","identifier":"REL1","f":{"a1":"REL0"},"v":{"b1":"Façade ® \"q\" <b> \uD83D\uDE00\n","b2":-2147483648,"b3":true,"b4":["Hot","Hot\\Really Hot"],"b5":{"$blob":"files/ws/j/1-2.txt","$bytes":123456789012}},"folder":{"path":"a\\b","ids":["1","2"]},"native":{"name":"a.msg","bytes":0,"blob":"files/ws/j/1-2","linked":true},"stamp":{"job":"job","batch":0,"line":12},"edited":true,"created":"2023-06-30T09:00:00+00:00","modified":"2023-07-01T09:00:00+00:00"}
            """;
        Assert.Equal(Expected, Encoding.UTF8.GetString(RecordJson.Write(Full)));
    }

    [Fact]
    public void A_record_reads_back_as_it_was()
    {
        var bytes = RecordJson.Write(Full);
        var back = RecordJson.Read(bytes);
        Assert.Equal(bytes, RecordJson.Write(back));
        Assert.Equal(Full.Values, back.Values);
        Assert.IsType<int>(back.Values["b2"]);
        Assert.Equal((Full.Native, Full.Stamp, Full.Folder!.Path), (back.Native, back.Stamp, back.Folder!.Path));
    }

    [Fact]
    public void Both_ways_of_writing_are_one()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        RecordJson.Write(Full, output);
        Assert.Equal(RecordJson.Write(Full), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_record_without_anything_reads_back()
    {
        var back = RecordJson.Read("""{"type":"Document","identifier":"A"}"""u8);
        Assert.Equal(("A", 0, 0, null, null, null), (back.Identifier, back.Filterable.Count, back.Values.Count, back.Folder, back.Native, back.Stamp));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"type":"Document"}""")]
    [InlineData("""{"type":"Document","identifier":"A","v":[]}""")]
    [InlineData("""{"type":"Document","identifier":"A","v":{"a":null}}""")]
    [InlineData("""{"type":"Document","identifier":"A","v":{"a":1.5}}""")]
    [InlineData("""{"type":"Document","identifier":"A","v":{"a":[1]}}""")]
    [InlineData("""{"type":"Document","identifier":"A","v":{"a":{}}}""")]
    [InlineData("""{"type":"Document","identifier":"A","v":{"a":1,"a":2}}""")]
    public void What_is_no_record_is_refused(string json)
        => Assert.ThrowsAny<JsonException>(() => RecordJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_value_of_another_kind_is_refused_when_written()
        => Assert.ThrowsAny<JsonException>(() => RecordJson.Write(Full with { Values = new() { ["a"] = 1.5 } }));

    [Fact]
    public void Every_text_reads_back()
        => Gen.String.Where(text => !text.Any(char.IsSurrogate)).Sample(text =>
            Equals(RecordJson.Read(RecordJson.Write(Full with { Values = new() { ["a"] = text } })).Values["a"], text));
}
