using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Providers.Tests;

/// <summary>
/// People are linked to their managers when all of them are written. What cannot be linked is listed, and is no item in error (guide 4.2.3; guide 7,
/// "When transferring custodians and associating them to managers").
/// </summary>
public sealed class ManagerTests(Stores stores) : IClassFixture<Stores>
{
    private const string Head = "Unique ID,First Name,Last Name,Manager\n";

    private static readonly ImportSettings Overlay = new() { Overwrite = OverwriteMode.AppendOverlay };

    [Fact]
    public async Task Managers_earlier_and_later_in_the_file_and_in_other_batches_are_linked_and_circles_end()
    {
        var import = await Import.NewAsync(stores);
        var job = await EntityTests.JobAsync(import, Head + "E1,Ann,Lee,e3\nE2,Bo,Li,E1\nE3,Cy,Orr,E2\nE4,Di,Poe,\n", batch: 1);
        await AllAsync(job);

        Assert.Equal(new JobCounts { Links = 3 }, await LinkAllAsync(job));
        Assert.Empty(await job.ErrorsAsync());
        // Shown by name, and held by what tells people apart.
        Assert.Equal(["E1|Orr, Cy", "E2|Lee, Ann", "E3|Li, Bo", "E4|"], await EntityTests.PeopleAsync(import, job, "Manager"));
        Assert.Equal("E3", (await EntityTests.PersonAsync(import, "E1"))!.Links![job.FieldId("Manager")]);
    }

    [Theory]
    // What the manager's column holds, and what becomes of it: by unique identifier, else by full name; a setting says that it is only one of them
    [InlineData(null, "E1", "Lee, Ann", "")]
    [InlineData(null, "lee, ANN", "Lee, Ann", "")]
    [InlineData(null, "E9", "", "2 link-not-found")]
    [InlineData(null, "E5", "", "2 link-self")]
    [InlineData(null, "\"Day, Dee\"", "", "2 link-self")]
    [InlineData(null, "Twin", "", "2 link-ambiguous")]
    [InlineData(true, "E1", "Lee, Ann", "")]
    [InlineData(true, "lee, ANN", "", "2 link-not-found")]
    [InlineData(false, "E1", "", "2 link-not-found")]
    [InlineData(false, "lee, ANN", "Lee, Ann", "")]
    public async Task A_manager_is_found_or_listed(bool? containsLink, string manager, string linked, string errors)
    {
        var import = await Import.NewAsync(stores);
        if (manager.Contains(',', StringComparison.Ordinal) && manager[0] != '"') manager = $"\"{manager}\"";
        var job = await EntityTests.JobAsync(
            import, Head + $"E5,Dee,Day,{manager}\nE1,Ann,Lee,\nE2,,Twin,\nE3,Twin,,\n", new ImportSettings { ManagerContainsLink = containsLink });
        Assert.Equal(new JobCounts { Read = 4, Written = 4 }, await AllAsync(job));

        Assert.Equal(errors.Length == 0 ? new JobCounts { Links = 1 } : new JobCounts { LinkProblems = 1 }, await LinkAllAsync(job));
        Assert.Equal(errors, string.Join(',', await job.ErrorsAsync()));
        Assert.Equal(linked, (await EntityTests.PersonAsync(import, "E5"))!.ValueOf(job.FieldId("Manager")) ?? "");
        if (errors.Length > 0)
        {
            var message = Assert.Single(await job.MessagesAsync());
            Assert.Contains("line 2", message, StringComparison.Ordinal);
            Assert.Contains("Manager", message, StringComparison.Ordinal);
            Assert.Contains("so that nobody was linked as manager;", message, StringComparison.Ordinal);
            Assert.Equal($"{errors} E5", Assert.Single(await job.ErrorsWithIdAsync()));
        }
    }

    [Fact]
    public async Task A_manager_may_be_in_the_workspace_already_and_is_changed_or_emptied_by_an_overlay()
    {
        var import = await Import.NewAsync(stores);
        var first = await EntityTests.JobAsync(
            import, Head + "E1,Ann,Lee,\nE2,Bo,Li,E1\nE3,Cy,Orr,E1\nE4,Di,Poe,E1\nE5,Eve,Fry,E1\nE6,Flo,Gay,E1\nE7,,Twin,\nE8,Twin,,\n");
        await AllAsync(first);
        await LinkAllAsync(first);
        var second = await EntityTests.JobAsync(import, Head + "E2,Bo,Li,E3\nE3,Cy,Orr,\nE4,Di,Poe,E9\nE5,Eve,Fry,E5\nE6,Flo,Gay,Twin\n", Overlay);
        await AllAsync(second);
        Assert.Equal(new JobCounts { Links = 1, LinkProblems = 3 }, await LinkAllAsync(second));
        // One who could not be found changes nothing, and the message says so.
        Assert.Equal(
            ["E1|", "E2|Orr, Cy", "E3|", "E4|Lee, Ann", "E5|Lee, Ann", "E6|Lee, Ann", "E7|", "E8|"], await EntityTests.PeopleAsync(import, second, "Manager"));
        Assert.Equal(["4 link-not-found", "5 link-self", "6 link-ambiguous"], await second.ErrorsAsync());
        Assert.All(await second.MessagesAsync(), message => Assert.Contains("so that the manager that it had, \"Lee, Ann\", stays;", message, StringComparison.Ordinal));
        Assert.Null((await EntityTests.PersonAsync(import, "E3"))!.Links);
    }

    [Fact]
    public async Task Attempts_that_die_run_at_once_or_come_late_link_once()
    {
        var import = await Import.NewAsync(stores);
        var rows = new StringBuilder(Head);
        for (var i = 0; i < 600; i++) rows.Append(CultureInfo.InvariantCulture, $"E{i},N{i},F,{(i % 100 == 7 ? "nobody" : $"E{(i + 1) % 600}")}\n");
        var job = await EntityTests.JobAsync(import, rows.ToString());
        await AllAsync(job);

        await Assert.ThrowsAsync<IOException>(() => job.LinkAsync(records: FaultyRecords.DiesBeforeWriting(stores.Records)));
        // Another dies when a part of the first group is written.
        var partly = new FaultyRecords(stores.Records, async writes =>
        {
            await stores.Records.WriteAsync([.. writes.Take(100)], TestContext.Current.CancellationToken);
            throw new IOException("The worker died.");
        });
        await Assert.ThrowsAsync<IOException>(() => job.LinkAsync(records: partly));
        // What was decided holds, also when the one who was missing comes meanwhile.
        await AllAsync(await EntityTests.JobAsync(import, Head + "nobody,Some,Body,\n"));
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => job.LinkAsync())));
        var late = await job.LinkAsync();

        Assert.All(results.Append(late), r => Assert.Equal(new JobCounts { Links = 594, LinkProblems = 6 }, r.Counts));
        Assert.Equal(6, (await job.ErrorsAsync()).Count);
        Assert.Equal(
            Enumerable.Range(0, 600).Select(i => $"E{i}|{(i % 100 == 7 ? "" : $"F, N{(i + 1) % 600}")}").Append("nobody|").Order(StringComparer.Ordinal),
            (await EntityTests.PeopleAsync(import, job, "Manager")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_record_that_another_job_overlaid_meanwhile_is_left_alone()
    {
        var import = await Import.NewAsync(stores);
        var job = await EntityTests.JobAsync(import, Head + "E1,Ann,Lee,E2\nE2,Bo,Li,\n");
        await AllAsync(job);
        await AllAsync(await EntityTests.JobAsync(import, Head + "E1,Ann,Lee,\n", Overlay));
        Assert.Equal(new JobCounts { LinkProblems = 1 }, await LinkAllAsync(job));
        Assert.Equal(["2 record-changed"], await job.ErrorsAsync());
        Assert.Null((await EntityTests.PersonAsync(import, "E1"))!.ValueOf(job.FieldId("Manager")));
    }

    [Fact]
    public async Task A_job_that_is_to_stop_links_no_more()
    {
        var import = await Import.NewAsync(stores);
        var job = await EntityTests.JobAsync(import, Head + "E1,Ann,Lee,E2\nE2,Bo,Li,\n");
        await AllAsync(job);
        await job.ChangeAsync(row => row with { StopRequested = true });
        Assert.Equal(new JobCounts(), await LinkAllAsync(job));
    }

    [Fact]
    public async Task What_could_not_be_linked_is_linked_by_a_retry_when_the_manager_is_there()
    {
        var import = await Import.NewAsync(stores);
        var job = await EntityTests.JobAsync(import, Head + "E1,Ann,Lee,E2\nE3,Cy,Orr,E4\nE5,Di,Poe,E1\n");
        await AllAsync(job);
        Assert.Equal(new JobCounts { Links = 1, LinkProblems = 2 }, await LinkAllAsync(job));
        await AllAsync(await EntityTests.JobAsync(import, Head + "E2,Bo,Li,\n"));

        var retry = await EntityTests.JobAsync(import, Head + "E6,Eve,Fry,\n");
        Assert.Equal(new JobCounts { Links = 1, LinkProblems = 1 }, await retry.LinkRetriedAsync(job));
        Assert.Equal(["3 link-not-found"], await retry.ErrorsAsync());
        Assert.Equal("Li, Bo", (await EntityTests.PersonAsync(import, "E1"))!.ValueOf(job.FieldId("Manager")));
    }

    [Fact]
    public async Task What_a_retry_could_not_link_is_linked_by_the_retries_of_the_retry()
    {
        var import = await Import.NewAsync(stores);
        var job = await NewAsync("E1,Ann,Lee,E2\nE3,Cy,Orr,E4\nE5,Di,Poe,E9\n");
        Assert.Equal(new JobCounts { LinkProblems = 3 }, await LinkAllAsync(job));

        await NewAsync("E2,Bo,Li,\n");
        var retry = await NewAsync("E6,Eve,Fry,E8\nE7,Flo,Gay,E1\n");
        Assert.Equal(new JobCounts { Links = 1, LinkProblems = 1 }, await LinkAllAsync(retry));
        Assert.Equal(new JobCounts { Links = 1, LinkProblems = 2 }, await retry.LinkRetriedAsync(job));

        // What it could not link of its own, and of the first.
        await NewAsync("E4,Gus,Hay,\nE8,Ida,Ash,\n");
        var second = await NewAsync("E10,Joe,Kay,\n");
        Assert.Equal(new JobCounts { Links = 2, LinkProblems = 1 }, await second.LinkRetriedAsync(retry, job));
        Assert.Equal(["4 link-not-found"], await second.ErrorsAsync());

        await NewAsync("E9,Kim,Low,\n");
        var third = await NewAsync("E11,Lou,May,\n");
        Assert.Equal(new JobCounts { Links = 1 }, await third.LinkRetriedAsync(second, retry, job));
        Assert.Equal(
            ["E1|Li, Bo", "E3|Hay, Gus", "E5|Low, Kim", "E6|Ash, Ida", "E7|Lee, Ann"],
            (await EntityTests.PeopleAsync(import, job, "Manager")).Where(p => !p.EndsWith('|')).Order());

        async Task<TestJob> NewAsync(string rows)
        {
            var made = await EntityTests.JobAsync(import, Head + rows, batch: 1);
            await AllAsync(made);
            return made;
        }
    }

    internal static async Task<JobCounts> AllAsync(TestJob job)
    {
        var counts = new JobCounts();
        for (var batch = 0; batch < job.Batches.Count; batch++) counts += (await job.AttemptAsync(batch)).Counts;
        return counts;
    }

    internal static async Task<JobCounts> LinkAllAsync(TestJob job)
    {
        var counts = new JobCounts();
        for (var batch = 0; batch < job.Batches.Count; batch++) counts += (await job.LinkAsync(batch)).Counts;
        return counts;
    }
}
