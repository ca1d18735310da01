using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Every move of the status table, as the job's row takes it in the storage account (issue "Statuses"; guide 4.8, 5.6, 7.1).</summary>
[Collection(Servers.Gated)]
public sealed class StatusTests(Servers servers)
{
    private const string Batch = @"PUT .*/batches/\d+$";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // What happens to the job, and the statuses that it goes through.
    private static readonly Dictionary<string, (JobStatus[] Statuses, Func<Course, Task> Happens)> Courses = new()
    {
        ["all goes well"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Completed], c => c.RunAsync(5)),
        ["a record is rejected"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.CompletedWithErrors], c => c.RunAsync(5, rejected: 1)),
        ["there is no load file"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.ValidationFailed], c => c.RunAsync(0)),
        ["what the check found cannot be stored"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Failed], async c =>
        {
            c.Gate.Refuse(@"PUT .*/prepared\.json$");
            await c.RunAsync(5);
            await c.Import.EndOfAsync(c.Job);
        }
        ),
        ["that it began cannot be stored"] = ([JobStatus.Pending, JobStatus.Failed], async c =>
        {
            c.Gate.Refuse(@"PUT .*/JobHistory\(");
            // The first thing that its end reads.
            var given = c.Gate.Hold(KillAt.Before("GET .*/BatchResults"));
            await c.RunAsync(5);
            await c.ComeAsync(given);
            c.Gate.Refuse(null);
            given.Release();
        }
        ),
        ["its load file is replaced"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Failed], async c =>
        {
            var found = await c.RunToAsync(KillAt.After(@"PUT .*/prepared\.json$"), 5);
            await c.StageAsync(6);
            found.Release();
        }
        ),
        ["it is stopped before it begins"] = ([JobStatus.Pending, JobStatus.Stopped], async c =>
        {
            var entered = c.Gate.Hold(KillAt.After("POST .*/JobHistory$"));
            var run = c.RunAsync(5);
            await c.ComeAsync(entered);
            c.Job = Assert.Single(await c.Import.JobsAsync()).Text("jobId");
            await c.AskAsync("stop");
            entered.Release();
            await run;
        }
        ),
        ["it is stopped while it is checked"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Stopping, JobStatus.Stopped],
            c => c.AskAtAsync(KillAt.Before(@"PUT .*/prepared\.json$"), 5, "stop")),
        ["it is stopped while it transfers"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Stopping, JobStatus.Stopped],
            c => c.AskAtAsync(KillAt.Before(Batch), 70, "stop")),
        ["it is suspended and resumed"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.Suspended, JobStatus.Processing, JobStatus.Completed], async c =>
        {
            await c.SuspendAsync();
            await c.AskAsync("resume");
        }
        ),
        ["it is suspended when nothing is left to do"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.Completed],
            c => c.AskAtAsync(KillAt.Before(Batch), 5, "suspend")),
        ["it is suspended when only its errors are left to count"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.CompletedWithErrors],
            c => c.AskAtAsync(KillAt.Before(Batch), 5, "suspend", rejected: 1)),
        ["its load file is replaced while it is being suspended"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.Failed], async c =>
        {
            var planned = await c.RunToAsync(KillAt.After(@"PUT .*/plan/000000\.json$"), 5);
            var begun = c.Gate.Hold(KillAt.After(@"GET .*/plan/000000\.json$"));
            planned.Release();
            await c.ComeAsync(begun);
            await c.AskAsync("suspend");
            await c.StageAsync(6);
            begun.Release();
        }
        ),
        ["it is stopped while it is being suspended"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.Stopping, JobStatus.Stopped],
            c => c.AskAtAsync(KillAt.Before(Batch), 70, "suspend", "stop")),
        ["it is stopped while it is suspended"] = ([JobStatus.Pending, JobStatus.Validation, JobStatus.Processing, JobStatus.Suspending, JobStatus.Suspended, JobStatus.Stopped], async c =>
        {
            await c.SuspendAsync();
            await c.AskAsync("stop");
        }
        ),
    };

    public static TheoryData<string> CourseNames => [.. Courses.Keys];

    [Theory]
    [MemberData(nameof(CourseNames))]
    public async Task A_job_goes_through_these_statuses_when(string what)
    {
        var (gate, app) = await servers.GatedAsync();
        var course = new Course(gate, await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false));
        try
        {
            await Courses[what].Happens(course);
        }
        finally
        {
            gate.Refuse(null);
        }
        var ended = await course.Import.EndOfAsync(course.Job);
        Assert.Equal(Courses[what].Statuses.Select(s => s.ToString()), gate.StatusesOf(course.Job));
        ended.AssertReconciles();
        await course.Import.UntilFreeAsync();
        Assert.Equal(ended.Number("transferred"), await course.Import.CountAsync());
    }

    [Fact]
    public void Together_they_go_through_every_move_of_the_table()
    {
        var legal = from a in Enum.GetValues<JobStatus>() from b in Enum.GetValues<JobStatus>() where a.CanMoveTo(b) select (a, b);
        Assert.Equal(legal.Order(), Courses.Values.SelectMany(c => c.Statuses.Zip(c.Statuses.Skip(1))).Distinct().Order());
    }

    /// <summary>A job and what happens to it.</summary>
    private sealed class Course(StoreGate gate, SampleImport import)
    {
        public StoreGate Gate => gate;

        public SampleImport Import => import;

        public string Job { get; set; } = "";

        /// <summary>Stages a load file of so many records, of which the first few lack their natives.</summary>
        public async Task StageAsync(int records, int rejected = 0)
        {
            if (records == 0) return;
            await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(1, records).Select(i => ($"A{i:d3}", i <= rejected ? "natives/none.txt" : ""))]));
        }

        public async Task RunAsync(int records, int rejected = 0)
        {
            await StageAsync(records, rejected);
            Job = await import.RunAsync();
        }

        /// <summary>Runs the job to a step, and holds it there.</summary>
        public async Task<StoreGate.Held> RunToAsync(KillAt step, int records, int rejected = 0)
        {
            var held = gate.Hold(step);
            await RunAsync(records, rejected);
            await ComeAsync(held);
            return held;
        }

        public Task ComeAsync(StoreGate.Held held) => Until.TrueAsync(
            () => Task.FromResult(held.Come.IsCompleted), Patience, () => import.App.Failed($"The job did not come to {held.Step}.").Message);

        /// <summary>Asks for something while the job is held at a step.</summary>
        public async Task AskAtAsync(KillAt step, int records, string verb, string? then = null, int rejected = 0)
        {
            var held = await RunToAsync(step, records, rejected);
            await AskAsync(verb);
            if (then is not null) await AskAsync(then);
            held.Release();
        }

        /// <summary>Suspends a job that has batches left, and waits until it is.</summary>
        public async Task SuspendAsync()
        {
            await AskAtAsync(KillAt.Before(Batch), 70, "suspend");
            await import.UntilAsync(Job, j => j.Text("status") == "Suspended");
        }

        public async Task AskAsync(string verb)
        {
            using var answer = await import.App.Http.PostAsync($"jobs/{Job}/{verb}", null);
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, (await answer.Content.ReadFromJsonAsync<JsonElement>()).ToString());
        }
    }
}
