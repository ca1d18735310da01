using System.Text.Json.Nodes;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Tests.Graph;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>Which filters are saved (guide 4.7.2: advanced query parameters are not supported), and which settings.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("department eq 'Engineering'")]
    [InlineData("accountEnabled eq true and (startsWith(displayName,'J') or userType in ('Member','Guest'))")]
    [InlineData("createdDateTime ge 2024-01-01T00:00:00Z")]
    [InlineData("surname eq 'O''Brien'")]
    // Words inside of texts and of names are no operators
    [InlineData("displayName eq 'ne not endsWith( $count $search & ('")]
    [InlineData("notifications eq 'x' or nee eq 'y'")]
    [InlineData("otherMails/any(m:m eq 'jane@example.com')")]
    public void Filters_that_are_taken(string filter) => Assert.Empty(Problems(Settings with { Filter = filter }));

    /// <summary>learn.microsoft.com, Advanced query capabilities: "not" and "ne" of every property, "endsWith", "$count", "$search".</summary>
    [Theory]
    [InlineData("accountEnabled ne true", "ne")]
    [InlineData("userType NE 'Guest'", "ne")]
    [InlineData("not(department eq 'Sales')", "not")]
    [InlineData("NOT startsWith(displayName,'A')", "not")]
    [InlineData("department eq 'A' and not (city eq 'B')", "not")]
    [InlineData("endsWith(mail,'@example.com')", "endswith")]
    [InlineData("endswith (mail,'@example.com')", "endswith")]
    [InlineData("assignedLicenses/$count eq 0", "$count")]
    [InlineData("$search=\"displayName:Jane\"", "$search")]
    public void Advanced_queries_are_refused_with_the_reason(string filter, string word)
    {
        var problem = Assert.Single(Problems(Settings with { Filter = filter }));
        Assert.Equal(("advanced-query", "filter"), (problem.Code, problem.Field));
        Assert.StartsWith($"The filter uses \"{word}\", which directories answer in advanced queries only", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("department eq 'Engineering", "a quote is not closed")]
    [InlineData("surname eq 'O'Brien'", "a quote is not closed")]
    [InlineData("$filter=department eq 'A'", "Leave that out")]
    [InlineData("(department eq 'A'", "parentheses")]
    [InlineData("department eq 'A') or (city eq 'B'", "parentheses")]
    [InlineData("department eq 'A'&$top=1", "more than a filter")]
    [InlineData("department eq\n'A'", "control characters")]
    public void What_is_no_filter_is_refused(string filter, string words)
    {
        var problem = Assert.Single(Problems(Settings with { Filter = filter }));
        Assert.Equal("invalid-filter", problem.Code);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "directoryId")]
    [InlineData("common", "directoryId")]
    [InlineData("a/b", "directoryId")]
    [InlineData("https://login.example.com", "directoryId")]
    [InlineData("-x.com", "directoryId")]
    public void Directories_that_are_none(string directory, string field)
        => Assert.Equal(field, Assert.Single(Problems(Settings with { DirectoryId = directory })).Field);

    [Fact]
    public void Who_signs_in_is_said_once()
    {
        Assert.Equal(["applicationId", "secret"], Problems(new EntraSettings { DirectoryId = "example.com" }).Select(p => p.Field));
        Assert.Equal(["applicationId"], Problems(Settings with { ApplicationId = "my app" }).Select(p => p.Field));
        Assert.Equal(["applicationId", "secret"], Problems(Settings with { ManagedIdentity = true }).Select(p => p.Field));
        Assert.Empty(Problems(new EntraSettings { ManagedIdentity = true }));
    }

    [Fact]
    public void Settings_have_one_form()
    {
        var clean = EntraRules.Clean(Settings with { DirectoryId = " Example.COM ", ApplicationId = " 04B07795-8DDB-461A-BBEE-02F9E1BF7B46 ", Filter = "  " }, []);
        Assert.Equal(("example.com", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", null as string), (clean.DirectoryId, clean.ApplicationId, clean.Filter));
    }

    [Theory]
    [InlineData(EntraCloud.Commercial, GraphVersion.V1, "https://login.microsoftonline.com/", "https://graph.microsoft.com/v1.0/", "https://graph.microsoft.com/.default")]
    [InlineData(EntraCloud.Commercial, GraphVersion.Beta, "https://login.microsoftonline.com/", "https://graph.microsoft.com/beta/", "https://graph.microsoft.com/.default")]
    [InlineData(EntraCloud.Government, GraphVersion.V1, "https://login.microsoftonline.us/", "https://graph.microsoft.us/v1.0/", "https://graph.microsoft.us/.default")]
    public void Addresses_follow_the_version(EntraCloud cloud, GraphVersion version, string signIn, string graph, string scope)
    {
        var places = new GraphPlaces();
        Assert.Equal((signIn, graph, scope), (places.SignInOf(cloud).AbsoluteUri, places.GraphOf(Settings with { Version = cloud, GraphVersion = version }).AbsoluteUri, places.ScopeOf(cloud)));
    }

    [Theory]
    // An administrator's own cloud: China (21Vianet), US Government L5 (DoD); and of this machine none is.
    [InlineData("https://microsoftgraph.chinacloudapi.cn/", "https://microsoftgraph.chinacloudapi.cn/.default")]
    [InlineData("https://dod-graph.microsoft.us", "https://dod-graph.microsoft.us/.default")]
    [InlineData("https://127.0.0.1:4433/graph/", "https://graph.microsoft.com/.default")]
    public void A_token_is_for_the_Graph_that_is_asked(string graph, string scope) => Assert.Equal(scope, new GraphPlaces { Graph = new Uri(graph) }.ScopeOf(EntraCloud.Commercial));

    /// <summary>The look-alike filters as Graph does, advanced queries included.</summary>
    [Theory]
    [InlineData("department eq 'SALES'", "1 2", false)]
    [InlineData("department ne 'Sales'", "3 4", true)]
    [InlineData("department eq null", "4", false)]
    [InlineData("accountEnabled eq true and (id in ('1','3') or startsWith(department,'x'))", "1 3", false)]
    [InlineData("not startsWith(department,'S') or id eq '2'", "2 3 4", true)]
    [InlineData("endsWith(department,'ment')", "3", true)]
    public void The_look_alike_filters(string filter, string ids, bool advanced)
    {
        JsonObject[] people =
        [
            new() { ["id"] = "1", ["department"] = "Sales", ["accountEnabled"] = true }, new() { ["id"] = "2", ["department"] = "Sales", ["accountEnabled"] = false },
            new() { ["id"] = "3", ["department"] = "Management", ["accountEnabled"] = true }, new() { ["id"] = "4", ["accountEnabled"] = true },
        ];
        var (fits, isAdvanced) = GraphQuery.Read(filter);
        Assert.Equal((ids, advanced), (string.Join(' ', people.Where(p => fits(p)).Select(p => p["id"])), isAdvanced));
    }

    private static EntraSettings Settings => new() { DirectoryId = "example.com", ApplicationId = "04b07795-8ddb-461a-bbee-02f9e1bf7b46", Secret = Secret.Named("graph") };

    private static List<Problem> Problems(EntraSettings settings)
    {
        var problems = new List<Problem>();
        EntraRules.Clean(settings, problems);
        return problems;
    }
}
