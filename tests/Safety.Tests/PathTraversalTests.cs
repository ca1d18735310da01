using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>No name and no path leads out of where it belongs, whichever field it is written into (issue "Safety tests", path traversal).</summary>
[Trait("Speed", "Slow")]
public sealed class PathTraversalTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // What stands for parts of a body: {n} the name as JSON, {in} the name below the workspace's folder, {ws} the workspace, {g} what makes a name new.
    private static readonly (string Mark, string Text)[] Parts =
    [
        ("{to}", """ "source":{"provider":"workspace","settings":{"part":"folder-and-subfolders"}},"destination" """),
        ("{from}", """ "mapAllFields":true,"source" """),
        ("{file}", """ "file":"StructuredData/{ws}/a.dat" """),
    ];

    /// <summary>Every field that holds a name or a path: the endpoint, and a body with the name in it.</summary>
    public static TheoryData<string, string> Fields => new()
    {
        { "POST /workspaces", """{"name":{n}}""" },
        { "PUT /workspaces/{workspace}", """{"name":{n}}""" },
        { "POST /workspaces/{workspace}/uploads", """{"path":{n},"bytes":1}""" },
        { "POST /workspaces/{workspace}/uploads/batch", """{"paths":["fine.dat",{n}]}""" },
        { "POST /workspaces/{workspace}/folders", """{"path":{n}}""" },
        { "POST /workspaces/{workspace}/object-types", """{"name":{n},"identifier":{"name":"Id"}}""" },
        { "POST /workspaces/{workspace}/object-types", """{"name":"Type {g}","identifier":{"name":{n}}}""" },
        { "POST /workspaces/{workspace}/object-types/{type}/fields", """{"name":{n},"type":"date"}""" },
        { "POST /workspaces/{workspace}/object-types/{type}/fields", """{"name":"Field {g}","type":"single-object","associatedType":{n}}""" },
        { "POST /workspaces/{workspace}/productions", """{"name":{n}}""" },
        { "POST /workspaces/{workspace}/productions", """{"name":"P {g}","batesBeginField":{n}}""" },
        { "POST /workspaces/{workspace}/users", """{"email":{n}}""" },
        { "POST /workspaces/{workspace}/saved-searches", """{"name":{n},"columns":["Control Number"]}""" },
        { "POST /workspaces/{workspace}/saved-searches", """{"name":"S {g}","columns":[{n}]}""" },
        { "POST /workspaces/{workspace}/saved-searches", """{"name":"S {g}","objectType":{n}}""" },
        { "POST /workspaces/{workspace}/saved-searches", """{"name":"S {g}","condition":{"op":"in-folder","value":{n}}}""" },
        { "POST /workspaces/{workspace}/saved-searches", """{"name":"S {g}","condition":{"op":"in-production","value":{n}}}""" },
        { "POST /workspaces/{workspace}/views", """{"name":{n},"columns":["Control Number"]}""" },
        { "POST /workspaces/{workspace}/profiles-of-points", """{"integrationPoint":{n}}""" },
        { "POST /workspaces/{workspace}/profiles-of-points", """{"integrationPoint":"{point}","name":{n}}""" },
        { "POST /workspaces/{workspace}/profiles/{profile}/integration-points", """{"name":{n}}""" },
        { "POST /workspaces/{workspace}/profiles/{profile}/integration-points", """{"workspace":{n}}""" },
        { "POST /workspaces/{workspace}/profiles", """{"name":{n},{from}:{"provider":"load-file","settings":{{file}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":{n},{from}:{"provider":"load-file","settings":{{file}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a",{from}:{"provider":{n},"settings":{{file}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a",{from}:{"provider":"load-file","settings":{"file":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a",{from}:{"provider":"load-file","settings":{"file":{in}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a",{from}:{"provider":"load-file","settings":{{file},"baseFolder":{in}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a",{from}:{"provider":"load-file","settings":{{file},"encoding":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a",{from}:{"provider":"image-load-file","settings":{"file":{in}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a","import":{"destinationFolder":{n}},{from}:{"provider":"load-file","settings":{{file}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a","import":{"culture":{n}},{from}:{"provider":"load-file","settings":{{file}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"a","schedule":{"startDate":"2090-01-01","localTime":"12:00:00","timeZone":{n}},{from}:{"provider":"load-file","settings":{{file}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"folder":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"imagePrefix":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"nativePrefix":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"textPrefix":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"volume":{"prefix":{n}}}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"productions":[{n}]}}}""" },
        { "POST /workspaces/{workspace}/integration-points", """{"name":"o {g}",{to}:{"provider":"load-file","settings":{"encoding":{n}}}}""" },
        { "POST /workspaces/{workspace}/integration-points/{point}/check", """{"imageFile":{in}}""" },
        { "POST /workspaces/{workspace}/integration-points/{point}/check", """{"imageFile":{n}}""" },
        { "POST /workspaces/{workspace}/integration-points/{point}/check", """{"inventory":{in}}""" },
        { "POST /workspaces/{workspace}/integration-points/{point}/check", """{"proposal":{"folder":{in},"tried":1,"found":1}}""" },
        { "POST /workspaces/{workspace}/providers/{provider}/check", """{"settings":{"file":{n}}}""" },
        { "POST /workspaces/{workspace}/providers/{provider}/check", """{"settings":{"file":{in}}}""" },
        { "POST /workspaces/{workspace}/providers/{provider}/fields", """{"settings":{{file},"baseFolder":{in}}}""" },
        { "POST /workspaces/{workspace}/object-types/{type}/map-all", """{"provider":"load-file","settings":{"file":{in}}}""" },
        { "POST /workspaces/{workspace}/object-types/{type}/map-all", """{"fields":[{"name":{n}}]}""" },
        { "PUT /settings/{setting}", """{"value":{n}}""" },
    };

    [Theory, MemberData(nameof(Fields))]
    public async Task Whatever_is_written_into_a_field_stays_where_it_belongs(string operation, string body)
    {
        var target = await SharedTarget.Async(servers);
        var endpoint = Endpoint.Of(operation);
        var findings = new Findings();
        foreach (var (tries, text) in HostileNames.All)
        {
            var name = text.Replace("{victim}", "other-workspace", StringComparison.Ordinal);
            var sent = Parts.Aggregate(body, (text, part) => text.Replace(part.Mark, part.Text, StringComparison.Ordinal)).Replace("{n}", JsonSerializer.Serialize(name), StringComparison.Ordinal)
                .Replace("{in}", JsonSerializer.Serialize($"StructuredData/{target.Workspace}/{name}"), StringComparison.Ordinal)
                .Replace("{point}", target["point"], StringComparison.Ordinal)
                .Replace("{g}", Guid.NewGuid().ToString("n"), StringComparison.Ordinal);
            var reply = await target.Api.CallAsync(endpoint.Method, target.Address(endpoint), sent, ("If-Match", "*"));
            findings.Look($"{operation} {body}: {tries}", reply);
            if (operation.EndsWith("/uploads", StringComparison.Ordinal) && reply.Status == 200) await UploadAsync(target, tries, reply, findings);
        }
        findings.AssertNone(target.App);
        await AssertTidyAsync(target);
    }

    public static TheoryData<string, string> Addresses => [.. from e in Endpoint.All where e.Reads from p in e.Parameters select (e.ToString(), p)];

    [Theory, MemberData(nameof(Addresses))]
    public async Task Whatever_stands_in_an_address_names_nothing_elsewhere(string operation, string parameter)
    {
        var target = await SharedTarget.Async(servers);
        var endpoint = Endpoint.Of(operation);
        var findings = new Findings();
        foreach (var (tries, text) in HostileNames.All.Where(n => n.Value is { Length: > 0 and < 3000 }))
        {
            var name = text.Replace("{victim}", "other-workspace", StringComparison.Ordinal);
            // Encoded, and as it is where a request can carry it.
            foreach (var written in new[] { Uri.EscapeDataString(name), name }.Distinct().Where(w => w.All(c => c is > ' ' and < '\x7f')))
            {
                var path = endpoint.Address(p => p == parameter ? written : Uri.EscapeDataString(target[p]));
                var answer = await RawRequest.SendAsync(target.App.Http, $"GET /api/{path} HTTP/1.1\r\n", "\r\n", Stop);
                var status = answer.Length > 12 ? int.Parse(answer.AsSpan(9, 3), null) : 0;
                if (status is not (400 or 404 or 401)) Look(findings, $"{operation} {parameter}={tries}", status, answer);
            }
        }
        findings.AssertNone(target.App);
    }

    // A name may name what it says, and a part that the client drops may leave another address that is there.
    private static void Look(Findings findings, string what, int status, string answer)
    {
        if (status is not 200) findings.Add($"{what}: {status} {answer}");
        if (answer.Contains(Target.Secret, StringComparison.Ordinal) || answer.Contains("root:x:0", StringComparison.Ordinal)) findings.Add($"{what}: told what it must not");
    }

    // The address that was given is used: what counts is where the file lands.
    private static async Task UploadAsync(Target target, string tries, Reply reply, Findings findings)
    {
        using var client = new HttpClient();
        using var put = new HttpRequestMessage(HttpMethod.Put, reply.Json["url"]!.GetValue<string>()) { Content = new ByteArrayContent("x"u8.ToArray()) };
        put.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var answer = await client.SendAsync(put, Stop);
        if (!answer.IsSuccessStatusCode) findings.Add($"{tries}: the address that was given takes no file: {(int)answer.StatusCode}");
        var blob = reply.Json["blob"]!.GetValue<string>();
        if (!(await target.FilesAsync()).Contains($"staging/{blob}")) findings.Add($"{tries}: the file is not where it was said to go: {blob}");
    }

    private static async Task AssertTidyAsync(Target target)
    {
        foreach (var file in await target.FilesAsync())
        {
            Assert.DoesNotContain(file.Split('/'), level => level is "" or "." or ".." || level.Any(char.IsControl) || level.Contains('\\'));
            if (file.StartsWith("staging/", StringComparison.Ordinal)) Assert.StartsWith("staging/StructuredData/", file, StringComparison.Ordinal);
        }
    }
}
