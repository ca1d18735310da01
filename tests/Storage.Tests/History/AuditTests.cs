namespace IntegrationPoints.Storage.Tests.History;

/// <summary>The audit's table: entries are added, never changed, and read newest first.</summary>
public sealed class AuditTests(AzuriteServer azurite) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, TimeSpan.Zero);

    private readonly JobTables _tables = JobTables.Connect(azurite.ConnectionString, null);
    private readonly string _workspace = $"ws-{Guid.NewGuid():n}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _tables.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_entry_stands_once_in_its_workspace_and_once_in_the_tenant_and_is_never_changed()
    {
        var entry = Entry(Noon, _workspace) with
        {
            WhoId = "1-2",
            By = "schedule",
            Code = "busy",
            Kind = "integration-point",
            SubjectId = "p",
            SubjectName = "Evil\u001b[31m\r\n=1+1\ud800 \ufffe",
            JobId = "j",
            Before = """{"a":"\u0000"}""",
            After = """{"a":"é\ud83d\ude00"}""",
            Outcome = AuditOutcome.Refused,
        };
        await _tables.Audit.AddAsync(entry, Stop);
        await _tables.Audit.AddAsync(entry with { Who = "somebody else", Outcome = AuditOutcome.Unknown }, Stop);
        var read = Assert.Single((await _tables.Audit.ListAsync(_workspace, new AuditQuery(10), Stop)).Items);
        Assert.Equal(entry with { SubjectName = read.SubjectName }, read);
        Assert.StartsWith("Evil\u001b[31m\r\n=1+1", read.SubjectName, StringComparison.Ordinal);
        Assert.Equal(read, Assert.Single(await TenantAsync()));
    }

    [Fact]
    public async Task What_concerns_no_workspace_stands_in_the_tenant_alone()
    {
        await _tables.Audit.AddAsync(Entry(Noon, _workspace) with { Workspace = null, Who = _workspace }, Stop);
        Assert.Empty((await _tables.Audit.ListAsync(_workspace, new AuditQuery(10), Stop)).Items);
        Assert.Single((await _tables.Audit.ListAsync(null, new AuditQuery(1000) { Where = e => e.Who == _workspace }, Stop)).Items);
    }

    [Fact]
    public async Task Lists_are_newest_first_and_go_on_where_they_stopped()
    {
        for (var i = 0; i < 25; i++) await _tables.Audit.AddAsync(Entry(Noon.AddMinutes(i / 2), $"{i:00}"), Stop);
        foreach (var size in new[] { 1, 7, 25, 1000 })
        {
            var all = await AllAsync(new AuditQuery(size));
            Assert.Equal(25, all.Select(e => e.Id).Distinct().Count());
            Assert.Equal(all.OrderByDescending(e => e.TimeUtc).Select(e => e.TimeUtc), all.Select(e => e.TimeUtc));
        }
        var odd = await AllAsync(new AuditQuery(4) { Where = e => e.Id[1] == '3', MostScanned = 5 });
        Assert.Equal(["23", "13", "03"], odd.Select(e => e.Id));
    }

    public static TheoryData<int?, int?, string> Ranges => new()
    {
        { null, null, "dcba" },
        { 0, 3, "cba" },
        // From is within, before is not.
        { 1, 2, "b" },
        { 1, null, "dcb" },
        { null, 1, "a" },
        { 4, null, "" },
    };

    [Theory, MemberData(nameof(Ranges))]
    public async Task Lists_are_of_a_time(int? from, int? before, string expected)
    {
        for (var i = 0; i < 4; i++) await _tables.Audit.AddAsync(Entry(Noon.AddMinutes(i), $"{(char)('a' + i)}"), Stop);
        var query = new AuditQuery(1) { From = from is { } f ? Noon.AddMinutes(f) : null, Before = before is { } b ? Noon.AddMinutes(b) : null };
        Assert.Equal(expected, string.Concat((await AllAsync(query)).Select(e => e.Id)));
    }

    [Fact]
    public async Task A_note_is_left_open_until_it_is_closed()
    {
        var (first, second) = (Entry(Noon, Guid.NewGuid().ToString("n")), Entry(Noon.AddHours(1), Guid.NewGuid().ToString("n")));
        await _tables.Audit.OpenAsync(first, Stop);
        await _tables.Audit.OpenAsync(second, Stop);
        Assert.Equal([first], await LeftAsync(Noon.AddMinutes(1)));
        await _tables.Audit.CloseAsync(first, Stop);
        await _tables.Audit.CloseAsync(first, Stop);
        Assert.Equal([second], await LeftAsync(Noon.AddDays(1)));
        await _tables.Audit.CloseAsync(second, Stop);
        Assert.Empty((await _tables.Audit.ListAsync(_workspace, new AuditQuery(10), Stop)).Items);
    }

    [Fact]
    public async Task A_document_that_is_too_long_for_the_table_is_a_mistake_of_the_caller()
        => await Assert.ThrowsAsync<ArgumentException>(() => _tables.Audit.AddAsync(Entry(Noon, "a") with { After = new string('x', 33_000) }, Stop));

    private AuditEntry Entry(DateTimeOffset time, string id) => new() { Id = id, TimeUtc = time, Workspace = _workspace, Who = "jane", Action = "run" };

    private async Task<List<AuditEntry>> AllAsync(AuditQuery query)
    {
        var all = new List<AuditEntry>();
        for (string? after = null; ;)
        {
            var page = await _tables.Audit.ListAsync(_workspace, query with { After = after }, Stop);
            Assert.InRange(page.Items.Count, 0, query.PageSize);
            all.AddRange(page.Items);
            if (page.Last is null) return all;
            after = page.Last;
        }
    }

    private async Task<IReadOnlyList<AuditEntry>> TenantAsync()
        => (await _tables.Audit.ListAsync(null, new AuditQuery(1000) { Where = e => e.Workspace == _workspace }, Stop)).Items;

    private async Task<IEnumerable<AuditEntry>> LeftAsync(DateTimeOffset before) => (await _tables.Audit.LeftOpenAsync(before, Stop)).Where(e => e.Workspace == _workspace);
}
