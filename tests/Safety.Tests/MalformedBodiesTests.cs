using System.Globalization;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>1,000 bodies that are wrong in twenty ways: refused in words, never a failure of the app, and its memory stays.</summary>
public sealed class MalformedBodiesTests(Servers servers)
{
    private const int Bodies = 50;

    private const long MemoryAllowed = 300L * 1024 * 1024;

    private static readonly string[] ContentTypes = ["application/json", "application/json; charset=utf-16", "application/merge-patch+json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ways => [.. BodyGenerator.Ways.Keys];

    [Fact]
    public void There_are_a_thousand() => Assert.True(BodyGenerator.Ways.Count * Bodies >= 1000);

    [Theory, MemberData(nameof(Ways))]
    public async Task A_body_that_is_wrong_is_refused_in_words(string way)
    {
        var target = await SharedTarget.Async(servers);
        var endpoints = Endpoint.All.Where(e => e.Body is not null).ToList();
        var random = new Random(BodyGenerator.Ways.Keys.ToList().IndexOf(way) + 1);
        var findings = new Findings();
        for (var i = 0; i < Bodies; i++)
        {
            var endpoint = endpoints[i % endpoints.Count];
            var body = BodyGenerator.Ways[way](JsonNode.Parse(target.Body(endpoint)!)!, random);
            var contentType = i % 5 < 4 ? ContentTypes[0] : ContentTypes[random.Next(ContentTypes.Length)];
            findings.Look(string.Create(CultureInfo.InvariantCulture, $"{endpoint}, {way}, body {i}"), await SendAsync(target, endpoint, body, contentType));
        }
        findings.AssertNone(target.App);
        Assert.InRange(target.App.MemoryBytes(), 1, MemoryAllowed);
    }

    /// <summary>Only what says that it is JSON is read as JSON, and nothing is unpacked on the way.</summary>
    [Theory]
    [InlineData("Content-Encoding", "gzip")]
    [InlineData("Content-Encoding", "br")]
    [InlineData("Transfer-Encoding", "gzip, chunked")]
    [InlineData("Content-Length", "-1")]
    [InlineData("Content-Length", "99999999999999999999")]
    [InlineData("Expect", "200-maybe")]
    public async Task Strange_headers_of_a_body_are_no_failure(string name, string value)
    {
        var target = await SharedTarget.Async(servers);
        var answer = await RawRequest.SendAsync(target.App.Http, $"POST /api/workspaces HTTP/1.1\r\nContent-Type: application/json\r\n{name}: {value}\r\n", "\r\n{\"name\":\"a\"}", Stop);
        Assert.Matches("^(HTTP/1.1 [24]|$)", answer);
    }

    private static async Task<Reply> SendAsync(Target target, Endpoint endpoint, byte[] body, string contentType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(endpoint.Method), target.Address(endpoint)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await target.App.Http.SendAsync(request, Stop);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response.Headers, response.Content.Headers);
    }
}
