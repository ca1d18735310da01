using IntegrationPoints.App.Http;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Which errors a filter finds.</summary>
public sealed class ErrorFiltersTests
{
    private static readonly JobErrorView Sample = new()
    {
        Name = "ERR-0123456789ABCDEF",
        Line = 12,
        SourceId = "DOC 7",
        Field = "Date Sent",
        Code = "invalid-date",
        Type = ProblemLevel.Item,
        Error = "docs.dat, line 12: \"Mai\" is not a date.",
        FullError = "docs.dat, line 12: \"Mai\" is not a date.\nBatch: 3",
        Status = ErrorStatus.InProgress,
        JobId = "abc",
        JobName = "Volume 1",
        IntegrationPoint = "volume-1-x",
        Timestamp = new(2026, 3, 31, 17, 45, 0, TimeSpan.Zero),
        CreatedUtc = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero),
        CreatedBy = "Ada",
        ModifiedUtc = new(2026, 4, 2, 23, 59, 59, TimeSpan.Zero),
        ModifiedBy = "Grace",
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("pageSize=5&continuationToken=61", true)]
    [InlineData("name=err-0123456789abcdef", true)]
    [InlineData("name=ERR-0", false)]
    [InlineData("jobId=ABC", true)]
    [InlineData("jobId=", false)]
    [InlineData("jobName=volume 1", true)]
    [InlineData("jobName=volume", false)]
    [InlineData("integrationPoint=volume-1-x", true)]
    [InlineData("integrationPoint=volume-1-y", false)]
    [InlineData("line=12", true)]
    [InlineData("line=1", false)]
    [InlineData("line=", false)]
    [InlineData("SOURCEID=doc 7", true)]
    [InlineData("sourceId=", false)]
    [InlineData("field=date sent", true)]
    [InlineData("field=date", false)]
    [InlineData("errorCode=Invalid-Date", true)]
    [InlineData("errorCode=invalid-number", false)]
    [InlineData("type=item", true)]
    [InlineData("type=Job", false)]
    [InlineData("severity=ERROR", true)]
    [InlineData("severity=warning", false)]
    [InlineData("error=\"mai\" is", true)]
    [InlineData("error=Batch", false)]
    [InlineData("fullError=batch: 3", true)]
    [InlineData("fullError=batch: 4", false)]
    [InlineData("status=in progress", true)]
    [InlineData("status=New", false)]
    [InlineData("createdBy=ada", true)]
    [InlineData("createdBy=Grace", false)]
    [InlineData("modifiedBy=GRACE", true)]
    [InlineData("modifiedBy=", false)]
    [InlineData("timestampFrom=2026-03-31", true)]
    [InlineData("timestampFrom=2026-04-01", false)]
    [InlineData("timestampTo=2026-03-31", true)]
    [InlineData("timestampTo=2026-03-30", false)]
    [InlineData("timestampFrom=2026-03-31T17:45", true)]
    [InlineData("timestampFrom=2026-03-31T17:45:01Z", false)]
    [InlineData("timestampTo=2026-03-31T17:45:00Z", true)]
    [InlineData("timestampTo=2026-03-31T17:44:59.9999999Z", false)]
    [InlineData("timestampTo=2026-03-31T19:45:00%2B02:00", true)]
    [InlineData("createdFrom=2026-04-01&createdTo=2026-04-01", true)]
    [InlineData("createdTo=2026-03-31", false)]
    [InlineData("modifiedFrom=2026-04-02&modifiedTo=2026-04-02", true)]
    [InlineData("modifiedFrom=2026-04-03", false)]
    [InlineData("status=In Progress&type=item&field=Date Sent", true)]
    [InlineData("status=In Progress&type=item&field=Other", false)]
    public void An_error_is_found_or_not(string query, bool found) => Assert.Equal(found, ErrorFilters.Read(Request(query))?.Invoke(Sample) ?? true);

    /// <summary>Without a filter a page does not have to look at errors one by one.</summary>
    [Fact]
    public void Paging_is_no_filter() => Assert.Null(ErrorFilters.Read(Request("pageSize=5")));

    public static TheoryData<string> Names => [.. ErrorFilters.Names.Split(',')];

    [Theory, MemberData(nameof(Names))]
    public void Every_name_that_the_description_lists_is_a_filter(string name)
    {
        var value = name switch { "line" => "1", "type" => "job", "severity" => "warning", "status" => "New", _ when name.EndsWith("From", StringComparison.Ordinal) => "9000-01-01", _ when name.EndsWith("To", StringComparison.Ordinal) => "1000-01-01", _ => "none" };
        Assert.False(ErrorFilters.Read(Request($"{name}={value}"))!(Sample));
    }

    [Theory]
    [InlineData("line=twelve", "line number")]
    [InlineData("line=-1", "line number")]
    [InlineData("type=row", "item, job")]
    [InlineData("severity=", "error, warning")]
    [InlineData("status=1", "New, Expired, In Progress, Retried")]
    [InlineData("timestampFrom=31.03.2026", "2026-03-31")]
    [InlineData("timestampTo=2026-02-30", "2026-03-31")]
    [InlineData("createdFrom=", "2026-03-31")]
    [InlineData("modifiedTo=2026-03-31T25:00", "2026-03-31")]
    public void A_value_that_cannot_be_is_refused_with_what_can(string query, string words)
    {
        var refused = Assert.Throws<RefusedException>(() => ErrorFilters.Read(Request(query)));
        Assert.Equal("invalid-filter", refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    private static HttpRequest Request(string query) => new DefaultHttpContext { Request = { QueryString = new QueryString("?" + query.Replace(" ", "%20", StringComparison.Ordinal)) } }.Request;
}
