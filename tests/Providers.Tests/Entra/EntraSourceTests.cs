using System.Text.Json.Nodes;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.Spool;
using IntegrationPoints.Tests.Graph;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>What is read of a directory, and how (guide 4.7): against a look-alike of Microsoft Graph.</summary>
public sealed class EntraSourceTests(Stores stores, LookAlike lookAlike) : IClassFixture<Stores>, IClassFixture<LookAlike>, IAsyncLifetime
{
    private EntraPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private GraphServer Server => lookAlike.Server;

    public async ValueTask InitializeAsync() => place = await EntraPlace.NewAsync(stores, Server);

    public ValueTask DisposeAsync() => default;

    /// <summary>Issue: $select of mapped properties, $expand=manager; multi-valued ones join.</summary>
    [Fact]
    public async Task Mapped_properties_are_asked_for_and_written_as_they_are()
    {
        Server.People = 2;
        var point = place.Point(place.Settings, "displayName", "otherMails", "ACCOUNTENABLED", "createdDateTime", "extensionAttribute2", "costCenter", "extension_0a1b2c_badge", "Manager", "No such: name");
        var copy = await place.CopyAsync(point, place.NewJob());
        Assert.Equal(
            "id,displayName,otherMails,accountEnabled,createdDateTime,extensionAttribute2,costCenter,extension_0a1b2c_badge,manager\r\n"
            + $"{EntraPlace.Id(0)},Person 0,p0@example.com;q0@example.com,true,2024-02-29T12:30:00Z,two,,B0,\r\n"
            + $"{EntraPlace.Id(1)},\"Smith, \"\"Jane\"\"\r\nline 2\",p1@example.com;q1@example.com,false,2024-02-29T12:30:00Z,two,,B1,{EntraPlace.Id(0)}\r\n",
            copy);
        Assert.Equal(
            ["GET /v1.0/users?$select=id,displayName,otherMails,accountEnabled,createdDateTime,onPremisesExtensionAttributes,employeeOrgData,extension_0a1b2c_badge&$expand=manager($select=id)&$top=999"],
            Server.Asked);
    }

    /// <summary>Whoever maps all names further ones beside, such as an attribute of the directory's own.</summary>
    [Theory]
    [InlineData("pair", "extension_0a1b2c_badge")]
    [InlineData("identifier", "extension_0a1b2c_badge")]
    [InlineData("schema identifier", "extension_0a1b2c_badge")]
    [InlineData("schema", "extension_0a1b2c_badge")]
    [InlineData("schema", "Title")]
    public async Task Where_all_are_mapped_what_is_named_is_had_too(string where, string name)
    {
        var point = place.Point(place.Settings);
        point = where switch
        {
            "pair" => point with { Mapping = [new FieldMapping(name, "Badge"), new FieldMapping("DisplayName", "Name")] },
            "identifier" => point with { Import = point.Import with { IdentifierColumn = name } },
            "schema identifier" => point with { Import = point.Import with { CreateFields = new FieldSchema { Identifier = name } } },
            _ => point with { Import = point.Import with { CreateFields = new FieldSchema { Fields = [new SchemaField($" {name}", FieldType.FixedLengthText)] } } },
        };
        var header = (await place.CopyAsync(point, place.NewJob())).Split("\r\n")[0].Split(',');
        Assert.Equal(UserProperties.All.Select(p => p.Name), header.Take(UserProperties.All.Count));
        Assert.Equal(name == "Title" ? [] : [name], header.Skip(UserProperties.All.Count));
    }

    [Theory]
    [InlineData("department eq 'Sales'", GraphVersion.V1, 2, "GET /v1.0/users?$select=id,department&$top=999&$filter=department eq 'Sales'")]
    [InlineData("id in ('00000000-0000-4000-8000-000000000001') or startsWith(displayName,'Person 2')", GraphVersion.Beta, 2, "GET /beta/users?$select=id,department&$top=999&$filter=id in ('00000000-0000-4000-8000-000000000001') or startsWith(displayName,'Person 2')")]
    [InlineData("displayName eq '100% & #1?'", GraphVersion.V1, 0, "GET /v1.0/users?$select=id,department&$top=999&$filter=displayName eq '100% & #1?'")]
    public async Task Filters_are_sent_as_given(string filter, GraphVersion version, int people, string asked)
    {
        var copy = await place.CopyAsync(place.Point(place.Settings with { Filter = filter, GraphVersion = version }, "department"), place.NewJob());
        Assert.Equal(people + 1, copy.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal([asked], Server.Asked);
    }

    /// <summary>Issue: members of matching groups, without duplicates, nested groups included.</summary>
    [Fact]
    public async Task Members_of_groups_come_once_with_their_managers()
    {
        Server.People = 8;
        Server.Groups.AddRange(Enumerable.Range(0, 4).Select(i => new JsonObject { ["id"] = EntraPlace.Id(100 + i), ["displayName"] = i == 3 ? "Other" : $"Legal {i}" }));
        Server.Members[EntraPlace.Id(100)] = [EntraPlace.Id(1), EntraPlace.Id(101)];
        Server.Members[EntraPlace.Id(101)] = [EntraPlace.Id(2), EntraPlace.Id(1), EntraPlace.Id(100)];
        Server.Members[EntraPlace.Id(103)] = [EntraPlace.Id(7)];
        // The third was deleted after it was listed: it is in no table of members.
        var settings = place.Settings with { FilterBy = EntraFilterBy.Groups, Filter = "startsWith(displayName,'Legal')" };

        var plain = await place.CopyAsync(place.Point(settings, "department"), place.NewJob());
        Assert.Equal($"id,department\r\n{EntraPlace.Id(1)},Engineering\r\n{EntraPlace.Id(2)},Sales\r\n", plain);
        Assert.Equal("GET /v1.0/groups?$select=id&$top=999&$filter=startsWith(displayName,'Legal')", Server.Asked[0]);
        Assert.Equal($"GET /v1.0/groups/{EntraPlace.Id(100)}/transitiveMembers/microsoft.graph.user?$select=id,department&$top=999&$count=true", Server.Asked[1]);
        Assert.Equal(4, Server.Asked.Count);

        var managed = await place.CopyAsync(place.Point(settings, "manager"), place.NewJob());
        Assert.Equal($"id,manager\r\n{EntraPlace.Id(1)},{EntraPlace.Id(0)}\r\n{EntraPlace.Id(2)},{EntraPlace.Id(1)}\r\n", managed);
        Assert.Contains($"GET /v1.0/users?$select=id&$expand=manager($select=id)&$filter=id in ('{EntraPlace.Id(1)}','{EntraPlace.Id(2)}')", Server.Asked);
    }

    [Fact]
    public async Task A_large_group_has_pages_and_its_managers_are_asked_for_in_fifteens()
    {
        Server.People = 1010;
        Server.Groups.Add(new JsonObject { ["id"] = EntraPlace.Id(5000) });
        Server.Members[EntraPlace.Id(5000)] = [.. Enumerable.Range(0, 1010).Select(EntraPlace.Id)];
        var copy = await place.CopyAsync(place.Point(place.Settings with { FilterBy = EntraFilterBy.Groups }, "manager"), place.NewJob());
        Assert.Equal(1011, copy.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains($"{EntraPlace.Id(1009)},{EntraPlace.Id(1008)}\r\n", copy, StringComparison.Ordinal);
        Assert.Equal(1 + 2 + 67 + 1, Server.Asked.Count);
    }

    [Fact]
    public async Task Discovery_lists_properties_with_their_types_and_the_directorys_own()
    {
        var layout = await place.Source(place.Point(place.Settings), "").CheckAsync(Stop);
        Assert.Equal(new SourceField("id", IsIdentifier: true), layout.Fields[0]);
        Assert.Equal("id", layout.LinkField);
        Assert.Contains(new SourceField("accountEnabled", Type: FieldType.YesNo), layout.Fields);
        Assert.Contains(new SourceField("createdDateTime", Type: FieldType.Date), layout.Fields);
        Assert.Contains(new SourceField("manager"), layout.Fields);
        Assert.Contains(new SourceField("extensionAttribute15"), layout.Fields);
        Assert.Contains(new SourceField("extension_0a1b2c_onCall", Type: FieldType.YesNo), layout.Fields);
        Assert.DoesNotContain(layout.Fields, f => f.Name == "extension_0a1b2c_room");
        Assert.Empty(layout.Warnings);

        Server.Consents.Remove("Directory.Read.All");
        var less = await place.Source(place.Point(place.Settings), "").CheckAsync(Stop);
        Assert.Equal("consent-missing", Assert.Single(less.Warnings).Code);
    }

    /// <summary>Issue: an empty source.</summary>
    [Theory]
    [InlineData(EntraFilterBy.Users)]
    [InlineData(EntraFilterBy.Groups)]
    public async Task A_directory_without_anybody_is_said_and_no_failure(EntraFilterBy by)
    {
        Server.People = 0;
        var source = place.Source(place.Point(place.Settings with { FilterBy = by }, "displayName"), place.NewJob());
        var page = await source.PlanAsync(await source.CheckAsync(Stop), 0, new PlanCursor(), Stop);
        Assert.Empty(page.Batches);
        Assert.Equal("no-records", Assert.Single(page.Warnings).Code);
    }

    /// <summary>Issue: each page is spooled; an attempt that dies goes on where the last page ended.</summary>
    [Theory]
    [InlineData(EntraFilterBy.Users, 5)]
    [InlineData(EntraFilterBy.Groups, 6)]
    public async Task A_crash_in_the_middle_reads_no_page_twice(EntraFilterBy by, int questions)
    {
        Server.People = 4500;
        Server.Groups.Add(new JsonObject { ["id"] = EntraPlace.Id(5000) });
        Server.Members[EntraPlace.Id(5000)] = [.. Enumerable.Range(0, 4500).Select(EntraPlace.Id)];
        var point = place.Point(place.Settings with { FilterBy = by }, "department");
        var job = place.NewJob();
        for (var crashes = 0; crashes < 3; crashes++)
        {
            using var crash = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var before = Server.Asked.Count;
            Server.Disturb = async (number, _) =>
            {
                if (number != before + 2) return false;
                await crash.CancelAsync();
                return true;
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => place.Source(point, job).CheckAsync(crash.Token));
        }
        Server.Disturb = null;
        var copy = await place.CopyAsync(point, job);
        Assert.Equal(Enumerable.Range(0, 4500).Select(EntraPlace.Id), copy.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(r => r.Split(',')[0]));
        // What was answered was asked for once; what a crash cut off, once more.
        Assert.Equal(questions, Server.Asked.Distinct().Count());
        Assert.Equal(questions + 3, Server.Asked.Count);
        await place.CopyAsync(point, job);
        Assert.Equal(questions + 3, Server.Asked.Count);
    }

    [Fact]
    public async Task Attempts_at_once_come_to_one_copy()
    {
        Server.People = 2500;
        var point = place.Point(place.Settings, "department");
        var job = place.NewJob();
        var layouts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => place.Source(point, job).CheckAsync(Stop)));
        Assert.Single(layouts.Select(l => l.Frozen["ETag"]).Distinct());
        Assert.Equal(2501, (await place.CopyAsync(point, job)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// <summary>Issue: 429 and 503 are honoured with Retry-After; nothing waits for longer than an activity should.</summary>
    [Fact]
    public async Task Throttling_is_waited_for_and_too_much_of_it_is_left_to_another_attempt()
    {
        Server.People = 1500;
        var begun = TimeProvider.System.GetTimestamp();
        Server.Disturb = (number, http) => Task.FromResult(number <= 2 && Throttled(http, number == 1 ? 429 : 503, "1"));
        var point = place.Point(place.Settings, "department");
        await place.CopyAsync(point, place.NewJob());
        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromSeconds(2));
        Assert.Equal(4, Server.Asked.Count);

        // As long as is asked for, without a word of failure.
        var clock = new JumpingClock();
        place.Changed = outside => outside with { Time = clock };
        Server.Disturb = (number, http) => Task.FromResult(number == 6 && Throttled(http, 429, "600"));
        Assert.Equal(1501, (await place.CopyAsync(point, place.NewJob())).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((7, TimeSpan.FromMinutes(10)), (Server.Asked.Count, clock.Gone));

        var job = place.NewJob();
        Server.Disturb = (number, http) => Task.FromResult(number is 9 or 10 && Throttled(http, 429, "600"));
        await Assert.ThrowsAsync<LaterException>(() => place.Source(point, job).CheckAsync(Stop));
        Assert.Equal(TimeSpan.FromMinutes(25), clock.Gone);
        Assert.Equal(1501, (await place.CopyAsync(point, job)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(11, Server.Asked.Count);
    }

    /// <summary>Issue: token expiry in the middle renews.</summary>
    [Fact]
    public async Task A_token_that_expires_in_the_middle_is_renewed()
    {
        (Server.People, Server.TokenUses) = (4500, 2);
        var copy = await place.CopyAsync(place.Point(place.Settings, "department"), place.NewJob());
        Assert.Equal(4501, copy.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(3, Server.SignIns);
    }

    private static bool Throttled(HttpContext http, int status, string after)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = after;
        return true;
    }
}
