using System.Text;
using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Line ends and codes of terminals in what is sent make no header of an answer and no line of the log (issue "Safety tests", header and log injection; CWE-93, CWE-113, CWE-117, CWE-150).</summary>
public sealed class InjectionTests(OwnApp own) : IClassFixture<OwnApp>
{
    private const string Header = "X-Injected", Line = "INJECTED-LINE";

    // What begins a line, or a header, where it is taken as it is.
    private static readonly Dictionary<string, string> Attacks = new()
    {
        ["CR LF and a header"] = $"x\r\n{Header}: yes",
        ["CR LF and an answer"] = $"x\r\n\r\nHTTP/1.1 200 OK\r\n{Header}: yes\r\n\r\n{Line}",
        ["LF"] = $"x\n{Line}",
        ["CR"] = $"x\r{Line}",
        ["line ends of Unicode"] = $"x\u0085{Line}\u2028{Line}\u2029{Line}",
        ["letters whose low byte is a line end"] = $"x\u560d\u560a{Header}: yes",
        ["a cleared screen"] = $"x\u001b[2J\u001b[H{Line}",
        ["a title of the terminal"] = $"x\u001b]0;{Line}\u0007",
        ["codes of eight bits"] = $"x\u009b2J{Line}",
        ["a backspace"] = $"x\b\b\b{Line}",
        ["a forged line"] = $"x\ninfo: Host.Results[0]\n      {Line} signed in",
        ["a forged line of JSON"] = $"x\"}}\n{{\"LogLevel\":\"Information\",\"Message\":\"{Line}\"}}",
        ["a template"] = "{0}{Injected}{@Injected}%s%n{{",
    };

    /// <summary>The headers that are read, by the app or by what stands around it.</summary>
    private static readonly string[] Headers =
        ["Idempotency-Key", "If-Match", "Content-Type", "Accept", "User-Agent", "Referer", "X-Forwarded-For", "X-Request-Id", "traceparent", "tracestate", "Cookie", "x-api-key", "Authorization", "Origin"];

    public static TheoryData<string> Names => [.. Attacks.Keys];

    public static TheoryData<string, string> InHeaders => [.. from header in Headers from attack in Attacks.Keys select (header, attack)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Names))]
    public async Task In_an_address(string attack)
    {
        var written = Uri.EscapeDataString(Attacks[attack]);
        foreach (var endpoint in Endpoint.All.Where(e => e.Parameters.Any()))
            await SendAsync($"{endpoint.Method} /api/{endpoint.Address(_ => written)} HTTP/1.1\r\n", endpoint.Body is null ? "" : "{}");
        AssertLog();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task In_a_query(string attack)
    {
        var written = Uri.EscapeDataString(Attacks[attack]);
        foreach (var endpoint in Endpoint.All.Where(e => e.Reads))
        {
            foreach (var name in endpoint.Query.Append(written))
                await SendAsync($"GET /api/{endpoint.Address(p => p)}?{name}={written} HTTP/1.1\r\n", "");
        }
        AssertLog();
    }

    [Theory, MemberData(nameof(InHeaders))]
    public async Task In_a_header(string header, string attack)
    {
        // What would end the header itself is another header, which anybody may send; all else is in it as it is, in UTF-8.
        var value = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Attacks[attack].Replace('\r', ' ').Replace('\n', ' ')));
        await SendAsync($"POST /api/workspaces HTTP/1.1\r\n{header}: {value}\r\n", """{"name":"Case"}""");
        await SendAsync($"GET /api/workspaces HTTP/1.1\r\n{header}: {value}\r\n", "");
        AssertLog();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task In_the_name_of_who_asks(string attack)
    {
        foreach (var roles in (string[][])[[LocalToken.Administrator], []])
        {
            var caller = own.Api.As(new LocalToken { Name = Attacks[attack], ObjectId = Attacks[attack], Groups = [Attacks[attack]], Roles = roles });
            foreach (var reply in (Reply[])[await caller.GetAsync("workspaces"), await caller.PostAsync("workspaces", """{"name":"Case"}"""), await caller.GetAsync("workspaces/none")]) Look(reply);
        }
        AssertLog();
    }

    /// <summary>Names come back in Location, ETag and names of files.</summary>
    [Theory, MemberData(nameof(Names))]
    public async Task In_the_name_of_a_thing(string attack)
    {
        var import = await SampleImport.NewSmallAsync(own.App, body => body["runOnUpload"] = false);
        var api = new Api(own.App, import.Workspace);
        var name = JsonSerializer.Serialize(Attacks[attack]);
        foreach (var (address, body) in ((string, string)[])
        [
            ("workspaces", $$"""{"name":{{name}}}"""), ("workspaces/{ws}/folders", $$"""{"path":{{name}}}"""), ("workspaces/{ws}/groups", $$"""{"name":{{name}},"members":[{{name}}]}"""),
            ("workspaces/{ws}/productions", $$"""{"name":{{name}}}"""), ("workspaces/{ws}/users", $$"""{"email":{{name}}}"""), ("workspaces/{ws}/uploads", $$"""{"path":{{name}},"bytes":1}"""),
            ("workspaces/{ws}/saved-searches", $$"""{"name":{{name}},"columns":["Control Number"]}"""), ("workspaces/{ws}/object-types", $$"""{"name":{{name}},"identifier":{"name":"Id"} }"""),
            ($"{import.PointAddress}/check", $$"""{"imageFile":{{name}}}"""), ("api-keys", $$"""{"name":{{name}},"workspaces":["*"],"actions":["view"],"expiresUtc":"2020-01-01T00:00:00Z"}"""),
        ])
        {
            Look(await api.PostAsync(address, body));
        }
        AssertLog();
    }

    /// <summary>The name of a load file names the download of its errors.</summary>
    [Theory]
    [InlineData("x\";filename=evil.html;y=\".dat")]
    [InlineData("x%22%0d%0aX-Injected%3a yes.dat")]
    [InlineData("x;filename*=UTF-8''evil.html.dat")]
    [InlineData("日本\u0085語.dat")]
    [InlineData("naïve \\\"quoted.dat")]
    public async Task In_the_name_of_a_file_that_is_downloaded(string file)
    {
        var workspace = (await own.Api.PostAsync("workspaces", """{"name":"Case"}""")).Json["id"]!.GetValue<string>();
        var api = new Api(own.App, workspace);
        var made = await api.PostAsync("workspaces/{ws}/integration-points", JsonSerializer.Serialize(new
        {
            name = "Point",
            source = new { provider = "load-file", settings = new { file = $"StructuredData/{workspace}/{file}" } },
            import = new { nativeColumn = "Native Path", createFields = new { identifier = "Control Number" } },
            mapAllFields = true,
        }));
        Look(made);
        // Some are no names of files, and the point is not even saved.
        if (made.Status == 400) return;
        await own.App.Blobs.Staging.GetBlobClient($"StructuredData/{workspace}/{file.Replace('\\', '/')}").UploadAsync(new BinaryData(SampleImport.SmallFile(("A1", "missing.txt"))), Stop);
        var job = (await api.PostAsync($"workspaces/{{ws}}/integration-points/{made.Json["id"]!.GetValue<string>()}/run")).Json["jobId"]!.GetValue<string>();
        await Until.TrueAsync(async () => (await api.GetAsync($"jobs/{job}")).Json["isFinal"]!.GetValue<bool>(), TimeSpan.FromMinutes(5), () => own.App.Failed("The job does not end.").Message);
        foreach (var kind in (string[])["error-file", "error-report"])
        {
            var reply = await api.GetAsync($"jobs/{job}/{kind}");
            Look(reply);
            Assert.Equal(200, reply.Status);
            var disposition = reply.ContentHeaders.ContentDisposition!;
            // One name, and none of the file's own making.
            Assert.Equal("attachment", disposition.DispositionType);
            Assert.Equal(["filename", "filename*"], disposition.Parameters.Select(p => p.Name).Order());
            Assert.NotEqual("evil.html", disposition.FileName?.Trim('"'));
            Assert.NotEqual("evil.html", disposition.FileNameStar);
        }
        AssertLog();
    }

    private async Task SendAsync(string head, string body)
    {
        var answer = await RawRequest.SendAsync(own.App.Http, head, body.Length == 0 ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}", Stop);
        var headers = answer.Split("\r\n\r\n")[0];
        Assert.DoesNotMatch("^HTTP/1.1 5", headers);
        Assert.DoesNotContain($"\n{Header}", headers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(headers, c => char.IsControl(c) && c is not ('\r' or '\n'));
        Assert.DoesNotContain('\u001b', answer);
    }

    private static void Look(Reply reply)
    {
        var findings = new Findings();
        findings.Look("", reply);
        findings.AssertNone();
    }

    // A line that was sent would stand at the beginning of one; codes of terminals would stand anywhere.
    private void AssertLog()
    {
        Assert.DoesNotContain(own.App.Log, line => line.TrimStart().StartsWith(Line, StringComparison.Ordinal) || line.StartsWith(Header, StringComparison.Ordinal) || line.StartsWith("{\"LogLevel\":\"Information\",\"Message\":\"" + Line, StringComparison.Ordinal));
        Assert.DoesNotContain(own.App.Log, line => line.Any(c => (char.IsControl(c) && c != '\t') || c is '\u2028' or '\u2029' or '\u202e'));
    }
}
