using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.App.Tests.CodeRules;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.LocalHost.Worker;

namespace IntegrationPoints.App.Tests.Telemetry;

/// <summary>What an app tells those who run it of its jobs, and what it never tells.</summary>
public sealed class TelemetryTests(Servers servers)
{
    // Stands in an identifier, in a cell, and in the path of a file that is not there.
    private const string Planted = "Qz7Planted";

    public static TheoryData<string> Activities => new(Methods().Select(m => $"{m.DeclaringType!.FullName}.{m.Name}"));

    [Fact]
    public async Task A_job_is_one_trace_with_a_span_a_batch_and_says_no_value_of_a_field()
    {
        await using var ingestion = await Ingestion.StartAsync();
        await using var app = await servers.NewAppAsync(
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", ingestion.ConnectionString), ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"),
            ("Logging:Console:FormatterOptions:IncludeScopes", "true"));
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        var rows = Enumerable.Range(0, 45).Select(i => ($"{Planted}-{i}", i == 30 ? $"natives/{Planted}.txt" : "")).Append(($"{Planted}-7", ""));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. rows]));
        var job = await import.RunAsync();
        var ended = await import.EndOfAsync(job);
        Assert.Equal((46, 44, 2), (ended.Number("read"), ended.Number("transferred"), ended.Number("withErrors")));
        await import.UntilFreeAsync();
        await app.StopAsync();
        // Its last step comes after its row is final.
        for (var again = 0; again < 10 && !app.IsOver(job); again++)
        {
            await app.StartAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            await app.StopAsync();
        }

        // The trace: the job and its steps, and in it the batches.
        var spans = ingestion.Of("RemoteDependencyData").Concat(ingestion.Of("RequestData")).Where(s => s.Trace == job).Select(s => s.Data).ToList();
        Assert.Equal(
            ["FinishJob", "Job", "NotifyJob", "PlanBatches", "TransferBatch", "ValidateJob", "WriteManifest"],
            spans.Select(s => s.Text("name")).Distinct().Order(StringComparer.Ordinal));
        Assert.All(spans, s => Assert.Equal(job, Property(s, "job")));
        Assert.Equal(["0", "1", "2"], spans.Where(s => s.Text("name") == "TransferBatch").Select(s => Property(s, "batch")!).Order(StringComparer.Ordinal));
        var whole = Assert.Single(spans, s => s.Text("name") == "Job");
        Assert.Equal(("CompletedWithErrors", "46", "44", "2"), (Property(whole, "status"), Property(whole, "read"), Property(whole, "written"), Property(whole, "rejected")));

        // The measures.
        var measures = ingestion.Of("MetricData").SelectMany(m => m.Data.GetProperty("metrics").EnumerateArray().Select(v => (Name: v.Text("name"), Value: v.GetProperty("value").GetDouble(), m.Data))).ToList();
        Assert.Equal(44, measures.Where(m => m.Name == "records" && Property(m.Data, "outcome") == "written").Sum(m => m.Value));
        Assert.Equal(2, measures.Where(m => m.Name == "records" && Property(m.Data, "outcome") == "rejected").Sum(m => m.Value));
        Assert.Contains(measures, m => m.Name == "jobs.ended" && Property(m.Data, "status") == "CompletedWithErrors");
        Assert.Contains(measures, m => m.Name == "batch.duration");

        // The logs: job and batch are the scope of what a batch logs, in what is sent and on the console.
        var logged = ingestion.Of("MessageData").Where(l => l.Trace == job).Select(l => l.Data).ToList();
        Assert.Contains(logged, l => Property(l, "job") == job && Property(l, "batch") == "1");
        Assert.Contains(app.Log, line => line.Contains($"job:{job}, batch:1", StringComparison.Ordinal));

        Assert.DoesNotContain(Planted, ingestion.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(app.Log, line => line.Contains(Planted, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Who does not export pays nothing: the libraries are not even loaded.</summary>
    [Fact]
    public async Task An_app_that_is_not_told_where_to_send_loads_nothing_for_it()
    {
        var app = await servers.AppAsync();
        Assert.True(app.HasLoaded("IntegrationPoints.App.dll"));
        Assert.False(app.HasLoaded("OpenTelemetry.dll"));
        Assert.False(app.HasLoaded("Azure.Monitor.OpenTelemetry.Exporter.dll"));
    }

    [Theory, MemberData(nameof(Activities))]
    public void Every_activity_begins_a_span_which_is_the_scope_of_its_logs(string name)
    {
        var method = Methods().Single(m => $"{m.DeclaringType!.FullName}.{m.Name}" == name);
        var machine = method.GetCustomAttribute<AsyncStateMachineAttribute>()!.StateMachineType;
        var begun = Il.MembersOf(machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!).OfType<MethodBase>().First(m => m.DeclaringType == typeof(JobTrace));
        Assert.Equal(nameof(JobTrace.Step), begun.Name);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef")]
    [InlineData("anything else", null)]
    public void The_trace_of_a_job_has_its_id_whoever_asks(string job, string? trace)
    {
        Assert.Equal(JobTrace.Of(job), JobTrace.Of(job));
        if (trace is not null) Assert.Equal(trace, JobTrace.Of(job).TraceId.ToHexString());
        using var span = JobTrace.Step("Step", job, 3);
        Assert.Equal((JobTrace.Of(job).TraceId, JobTrace.Of(job).SpanId), (span.TraceId, span.ParentSpanId));
        Assert.False(span.Fails(new InvalidOperationException(Planted)));
        Assert.Equal(nameof(InvalidOperationException), span.StatusDescription);
    }

    private static IEnumerable<MethodInfo> Methods()
        => typeof(RunJob).Assembly.GetTypes().SelectMany(t => t.GetMethods()).Where(m => m.GetParameters().Any(p => p.IsDefined(typeof(ActivityTriggerAttribute))));

    private static string? Property(JsonElement data, string name)
        => data.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var value) ? value.GetString() : null;
}
