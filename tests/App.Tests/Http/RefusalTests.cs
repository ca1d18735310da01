using System.Globalization;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>What the API refuses, with which status and code: problem details (RFC 9457), everything that is wrong with a body at once.</summary>
public sealed class RefusalTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", Fields = "workspaces/{ws}/object-types/Document/fields";

    private const string Source = """ "source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/a.dat"}} """;

    [Theory]
    [InlineData("GET", "workspaces/none", null, 404, "not-found")]
    [InlineData("GET", "workspaces/none/object-types", null, 404, "not-found")]
    [InlineData("GET", "workspaces/{ws}/object-types/None/fields", null, 404, "not-found")]
    [InlineData("GET", Fields + "/none", null, 404, "not-found")]
    [InlineData("GET", Points + "/none", null, 404, "not-found")]
    [InlineData("POST", Points + "/none/run", null, 404, "not-found")]
    [InlineData("POST", Points + "/none/stop", null, 404, "not-found")]
    [InlineData("GET", "jobs/none", null, 404, "not-found")]
    [InlineData("POST", "jobs/none/stop", null, 404, "not-found")]
    [InlineData("GET", "jobs/none/errors", null, 404, "not-found")]
    [InlineData("GET", "jobs/none/error-file", null, 404, "not-found")]
    [InlineData("GET", "jobs/..%2F..%2Fx", null, 404, "not-found")]
    [InlineData("GET", "workspaces/{ws}/object-types/Document/records/none", null, 404, "not-found")]
    [InlineData("GET", "workspaces/{ws}/object-types/None/records.jsonl", null, 404, "not-found")]
    [InlineData("GET", "providers/none/schema", null, 404, "not-found")]
    [InlineData("GET", "workspaces?pageSize=0", null, 400, "invalid-page-size")]
    [InlineData("GET", "workspaces?pageSize=1001", null, 400, "invalid-page-size")]
    [InlineData("GET", "workspaces?pageSize=ten", null, 400, "invalid-page-size")]
    [InlineData("GET", "workspaces?pageSize=1&pageSize=2", null, 400, "invalid-page-size")]
    [InlineData("GET", "workspaces?continuationToken=garbage", null, 400, "invalid-continuation-token")]
    [InlineData("GET", "workspaces?continuationToken=%F0%9F%98%80", null, 400, "invalid-continuation-token")]
    [InlineData("GET", "workspaces?continuationToken=_____w", null, 400, "invalid-continuation-token")]
    [InlineData("GET", "workspaces/{ws}/jobs?continuationToken=xyz", null, 400, "invalid-continuation-token")]
    [InlineData("POST", "workspaces", "", 400, "invalid-json")]
    [InlineData("POST", "workspaces", "{\"name\":\n\"x\",}", 400, "invalid-json")]
    [InlineData("POST", "workspaces", """{"name":"a","name":"b"}""", 400, "invalid-json")]
    [InlineData("POST", "workspaces", """{"name":"a","Name":"b"}""", 400, "doubled-member")]
    [InlineData("POST", "workspaces", "[]", 400, "invalid-value")]
    [InlineData("POST", "workspaces", "{}", 400, "missing-member")]
    [InlineData("POST", "workspaces", """{"name":null}""", 400, "invalid-value")]
    [InlineData("POST", "workspaces", """{"name":7}""", 400, "invalid-value")]
    [InlineData("POST", "workspaces", """{"name":" "}""", 400, "name-missing")]
    [InlineData("POST", "workspaces", "{\"name\":\"a\\u0000b\"}", 400, "name-invalid")]
    [InlineData("POST", "workspaces", "{\"name\":\"a\\u202Eb\"}", 400, "name-invalid")]
    [InlineData("POST", "workspaces", "{\"name\":\"a\\ud800b\"}", 400, "invalid-json")]
    [InlineData("POST", "workspaces", "{\"a\\ud800b\":1}", 400, "invalid-json")]
    [InlineData("POST", "workspaces", "{\"name\":\"\u0001\"}", 400, "invalid-json")]
    [InlineData("POST", "workspaces", """{"name":"a","colour":1}""", 400, "unknown-member")]
    [InlineData("POST", "workspaces/{ws}/object-types", """{"name":"a/b","identifier":{"name":"Id"}}""", 400, "name-invalid")]
    [InlineData("POST", "workspaces/{ws}/object-types", """{"name":"a","identifier":{"name":"Id","length":256}}""", 400, "length-invalid")]
    [InlineData("POST", "workspaces/{ws}/object-types", """{"name":"DOCUMENT","identifier":{"name":"Id"}}""", 409, "name-taken")]
    [InlineData("POST", Fields, """{"name":"control number","type":"long-text"}""", 409, "name-taken")]
    [InlineData("POST", Fields, """{"name":"F","type":"picture"}""", 400, "invalid-value")]
    [InlineData("POST", Fields, """{"name":"F","type":1}""", 400, "invalid-value")]
    [InlineData("POST", Fields, """{"name":"F","type":"date","length":5}""", 400, "length-invalid")]
    [InlineData("POST", Fields, """{"name":"F","type":"fixed-length-text","length":0}""", 400, "length-invalid")]
    [InlineData("POST", Fields, """{"name":"F","type":"date","overlay":"merge"}""", 400, "overlay-invalid")]
    [InlineData("POST", Fields, """{"name":"F","type":"date","lookup":true}""", 400, "lookup-invalid")]
    [InlineData("POST", Fields, """{"name":"F","type":"date","role":"identifier"}""", 400, "read-only-member")]
    [InlineData("POST", Fields, """{"name":"F","type":"date","id":"x"}""", 400, "read-only-member")]
    [InlineData("POST", Points, "{" + Source + """,  "name":"a?b","mapAllFields":true}""", 400, "name-invalid")]
    [InlineData("POST", Points, "{" + Source + ""","name":"a"}""", 400, "mapping-empty")]
    [InlineData("POST", Points, "{" + Source + ""","name":"a","mapAllFields":true,"workspace":"other"}""", 400, "read-only-member")]
    [InlineData("POST", Points, "{" + Source + ""","name":"a","mapAllFields":true,"objectType":"None"}""", 400, "object-type-not-found")]
    [InlineData("POST", Points, "{" + Source + ""","name":"a","mapAllFields":true,"import":{"culture":"klingon"}}""", 400, "unknown-culture")]
    [InlineData("POST", Points, "{" + Source + ""","name":"a","mapAllFields":true,"import":{"textEncoding":"klingon"}}""", 400, "unknown-encoding")]
    [InlineData("POST", Points, "{" + Source + ""","name":"a","mapAllFields":true,"schedule":{"startDate":"2026-01-01","localTime":"22:00:00","timeZone":"Mars"}}""", 400, "unknown-time-zone")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"../x.dat","bytes":1}""", 400, "path-outside-root")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"/x.dat","bytes":1}""", 400, "path-outside-root")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"C:\\x.dat","bytes":1}""", 400, "path-outside-root")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"a/%2e%2e/x.dat","bytes":1}""", 400, "path-outside-root")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"Export/job/export.dat","bytes":1}""", 400, "path-of-exports")]
    [InlineData("POST", "workspaces/{ws}/uploads/batch", """{"paths":["Import/a.dat","export/job/a.pdf"]}""", 400, "path-of-exports")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"","bytes":1}""", 400, "path-outside-root")]
    [InlineData("POST", "workspaces/{ws}/uploads", """{"path":"x.dat","bytes":-1}""", 400, "invalid-value")]
    [InlineData("POST", "workspaces/{ws}/uploads/batch", """{"paths":[]}""", 400, "invalid-value")]
    [InlineData("POST", "workspaces/{ws}/uploads/batch", """{"paths":["x",null]}""", 400, "invalid-value")]
    public async Task Requests_are_refused_with_a_stable_code(string method, string route, string? body, int status, string code)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.CallAsync(method, route, body);
        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal("application/problem+json", reply.ContentHeaders.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(status, reply.Json["status"]!.GetValue<int>());
        Assert.Equal($"urn:integration-points:{code}", reply.Json["type"]!.GetValue<string>());
        Assert.EndsWith(".", reply.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>Names of members are read whatever their case, so that two which differ in it alone are one that is doubled.</summary>
    [Theory]
    [InlineData("POST", Points, "{" + Source + ""","mapAllFields":true,"name":"a","Name":"b"}""", "doubled-member Name")]
    [InlineData("POST", Points, "{" + Source + ""","mapAllFields":true,"name":"a","workspace":"{ws}","WORKSPACE":"{ws}"}""", "doubled-member WORKSPACE")]
    [InlineData("POST", Points, "{" + Source + ""","mapAllFields":true,"name":"a","schedule":null,"Schedule":null}""", "doubled-member Schedule")]
    [InlineData("POST", Points, "{" + Source + ""","mapAllFields":true,"name":"a","id":{"a":1,"A":2}}""", "read-only-member id")]
    [InlineData("PUT", Points + "/{point}", "{" + Source + ""","mapAllFields":true,"name":"a","Name":"b"}""", "doubled-member Name")]
    [InlineData("POST", "workspaces/{ws}/profiles", "{" + Source + ""","mapAllFields":true,"name":"a","Name":"b"}""", "doubled-member Name")]
    [InlineData("PUT", "workspaces/{ws}", """{"name":"a","Name":"b"}""", "doubled-member Name")]
    [InlineData("PUT", "workspaces/{ws}", """{"name":"a","id":"{ws}","ID":"{ws}"}""", "doubled-member ID")]
    [InlineData("POST", Fields, """{"name":"F","type":"date","Type":"date"}""", "doubled-member Type")]
    public async Task Members_that_differ_in_case_alone_are_doubled(string method, string route, string body, string problem)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.CallAsync(method, route.Replace("{point}", await api.PointAsync(), StringComparison.Ordinal), body, ("If-Match", "*"));
        Assert.Equal((400, problem), (reply.Status, Assert.Single(reply.Problems)));
    }

    /// <summary>Settings of the provider: its annotations, its own rules, and that no path leaves what the workspace may read.</summary>
    [Theory]
    [InlineData("""{}""", "invalid-settings source.settings.file")]
    [InlineData("""{"file":"a.dat"}""", "path-outside-root source.settings.file")]
    [InlineData("""{"file":"StructuredData/other/a.dat"}""", "path-outside-root source.settings.file")]
    [InlineData("""{"file":"StructuredData/{ws}x/a.dat"}""", "path-outside-root source.settings.file")]
    [InlineData("""{"file":"StructuredData/{ws}/../other/a.dat"}""", "path-outside-root source.settings.file")]
    [InlineData("""{"file":"StructuredData/{ws}/a.dat","baseFolder":"ARM/x"}""", "path-outside-root source.settings.baseFolder")]
    [InlineData("""{"file":"StructuredData/{ws}/a.dat","column":0}""", "invalid-settings source.settings.column")]
    [InlineData("""{"file":"StructuredData/{ws}/a.dat","quote":20}""", "characters-equal source.settings.quote")]
    [InlineData("""{"file":"StructuredData/{ws}/a.dat","encoding":"klingon"}""", "unknown-encoding source.settings.encoding")]
    [InlineData("""{"file":"StructuredData/{ws}/a.dat","colour":1}""", "unknown-member source.settings.colour")]
    [InlineData("""{"file":"StructuredData/{ws}/a.dat","startLine":"two"}""", "invalid-value source.settings.startLine")]
    [InlineData("null", "invalid-value source.settings")]
    public async Task Settings_of_a_source_are_checked_when_they_are_saved(string settings, string problem)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.PostAsync(Points, $$$"""{"name":"a","mapAllFields":true,"source":{"provider":"load-file","settings":{{{settings}}}}}""");
        Assert.Equal(400, reply.Status);
        Assert.Equal([problem], reply.Problems);
    }

    [Fact]
    public async Task Everything_wrong_with_a_body_is_named_at_once()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var shape = await api.PostAsync(Points, """
            {"nam":"a","source":{"settings":5},"import":{"overwrite":"sometimes","createFields":{"fields":[{"name":"A","type":"date"},{"type":"blob"}]}},"mapping":[{"source":1}]}
            """);
        Assert.Equal("invalid-request", shape.Code);
        Assert.Equal(
            [
                "unknown-member nam", "missing-member source.provider", "invalid-value import.overwrite",
                "invalid-value import.createFields.fields[1].type", "missing-member import.createFields.fields[1].name",
                "invalid-value mapping[0].source", "missing-member mapping[0].destination", "missing-member name",
            ],
            shape.Problems);
        var rules = await api.PostAsync(Points, """
            {"name":"a?","objectType":"None","mapAllFields":true,"source":{"provider":"ftp","settings":{}},"import":{"culture":"klingon","multiValue":300}}
            """);
        Assert.Equal(
            [
                "name-invalid name", "character-out-of-range import.multiValue", "unknown-culture import.culture",
                "object-type-not-found objectType", "unknown-provider source.provider",
            ],
            rules.Problems);
    }

    // What cannot be read does not hide what is wrong elsewhere.
    [Fact]
    public async Task Everything_wrong_with_a_point_is_named_at_once_also_beside_what_cannot_be_read()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        const string Body = """
            {"name":"a?","colour":1,"objectType":"None","source":{"provider":"load-file","settings":{"file":"a.dat"}},"logErrors":"perhaps",
             "import":{"culture":"klingon"},"notificationRecipients":"nobody","workspace":"other","schedule":{"startDate":"13/01/2016","localTime":"12:00"}}
            """;
        string[] expected =
        [
            "invalid-date schedule.startDate", "unknown-member colour", "invalid-value logErrors", "read-only-member workspace", "name-invalid name",
            "unknown-culture import.culture", "mapping-empty mapping", "recipient-invalid notificationRecipients", "object-type-not-found objectType",
            "path-outside-root source.settings.file",
        ];
        Assert.Equal(expected.Order(), (await api.PostAsync(Points, Body, ("Accept-Language", "en-US"))).Problems.Order());
        var point = await api.PointAsync();
        Assert.Equal(expected.Order(), (await api.CallAsync("PUT", $"{Points}/{point}", Body, ("If-Match", "*"), ("Accept-Language", "en-US"))).Problems.Order());
        Assert.Equal(expected.Order(), (await api.PostAsync("workspaces/{ws}/profiles", Body, ("Accept-Language", "en-US"))).Problems.Order());
    }

    // Issue "Errors", names of points and of everything users name: no path, no character that cannot be seen
    [Theory]
    [InlineData("workspaces", "\"name\":\"{0}\"")]
    [InlineData("workspaces/{ws}/productions", "\"name\":\"{0}\"")]
    [InlineData("workspaces/{ws}/object-types", "\"name\":\"{0}\",\"identifier\":{{\"name\":\"Id\"}}")]
    [InlineData("workspaces/{ws}/profiles", "\"name\":\"{0}\",\"mapAllFields\":true,\"source\":{{\"provider\":\"load-file\",\"settings\":{{\"file\":\"StructuredData/{{ws}}/a.dat\"}}}}")]
    [InlineData(Points, "\"name\":\"{0}\",\"mapAllFields\":true,\"source\":{{\"provider\":\"load-file\",\"settings\":{{\"file\":\"StructuredData/{{ws}}/a.dat\"}}}}")]
    public async Task Names_are_names(string route, string members)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        foreach (var name in (string[])["Bad\\\\Name", "Bad?Name", "Bad\\tName", "Bad/Name", "Bad:Name", "Bad.", "Bad\\u202eName"])
        {
            var refused = await api.PostAsync(route, "{" + string.Format(CultureInfo.InvariantCulture, members, name) + "}");
            Assert.Equal((400, "name-invalid name"), (refused.Status, Assert.Single(refused.Problems)));
        }
        Assert.Equal(201, (await api.PostAsync(route, "{" + string.Format(CultureInfo.InvariantCulture, members, "Smith v. Jones (2nd) & Co") + "}")).Status);
    }

    [Fact]
    public async Task Words_name_the_line_of_what_is_no_JSON_and_the_choices_there_are()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        Assert.Contains("line 2, byte 5", (await api.PostAsync("workspaces", "{\"name\":\n\"x\",}")).Text, StringComparison.Ordinal);
        Assert.Contains("append, overlay, append-overlay", (await api.PostAsync(Points, """{"import":{"overwrite":1}}""")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", 415, "unsupported-media-type")]
    [InlineData("application/x-www-form-urlencoded", 415, "unsupported-media-type")]
    [InlineData("application/json; charset=utf-8", 201, null)]
    [InlineData("application/vnd.x+json", 201, null)]
    public async Task Bodies_are_JSON_and_say_so(string contentType, int status, string? code)
    {
        var api = new Api(await servers.AppAsync(), "");
        var reply = await api.PostAsync("workspaces", """{"name":"a"}""", ("Content-Type", contentType));
        Assert.Equal((status, code), (reply.Status, status == 201 ? null : reply.Code));
    }

    [Theory]
    [InlineData(null, 202)]
    [InlineData("none", 202)]
    [InlineData("same-origin", 202)]
    [InlineData("same-site", 403)]
    [InlineData("cross-site", 403)]
    [InlineData("", 403)]
    public async Task A_page_of_another_site_cannot_make_a_browser_run_a_point(string? site, int status)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var point = await api.PointAsync();
        var reply = await api.PostAsync($"{Points}/{point}/run", null, site is null ? [] : [("Sec-Fetch-Site", site)]);
        Assert.Equal((status, status == 403 ? "cross-site-request" : null), (reply.Status, status == 403 ? reply.Code : null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_4_MB_is_refused(bool chunked)
    {
        var app = await servers.AppAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "workspaces")
        {
            Content = new ByteArrayContent([.. "{\"name\":\""u8, .. Enumerable.Repeat((byte)'a', 4 * 1024 * 1024), .. "\"}"u8]),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("body-too-large", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
