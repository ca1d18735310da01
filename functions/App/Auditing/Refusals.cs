using System.Security.Cryptography;
using IntegrationPoints.App.Http;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.App.Auditing;

/// <summary>
/// Enters in the audit what callers were not allowed, and which trials of sources failed, without letting one of them fill it: of ten minutes the first twenty refusals of a caller in a
/// workspace (or in none that the caller sees) are entered each, before the caller is told; the others are counted, and entered together when the
/// ten minutes are over, as one entry of the action <c>refused</c> that says how many they were, and from when to when. Each instance of the app
/// counts for itself, as <see cref="Access.RequestLimits"/> does. What is counted and not entered yet is entered when the app is stopped; a crash
/// loses it, and never the first twenty. Failed trials are counted by themselves, and entered together as one of the action <c>try-source</c>.
/// </summary>
public sealed class Refusals(AuditTrail trail, TimeProvider time) : BackgroundService
{
    /// <summary>How many of a caller are entered each.</summary>
    internal const int MostEach = 20;

    /// <summary>In how long a time.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const int IdLength = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Who, string? Workspace, AuditOutcome Outcome), Counted> callers = [];

    /// <summary>Enters a refusal or a failure, or counts it.</summary>
    /// <exception cref="RefusedException">503: the audit cannot be written.</exception>
    internal async Task WriteAsync(AuditEntry entry)
    {
        var now = time.GetUtcNow();
        var isOneOfMany = false;
        Counted? over = null;
        lock (callers)
        {
            var key = (entry.WhoId ?? entry.Who, entry.Workspace, entry.Outcome);
            if (!callers.TryGetValue(key, out var counted) || now - counted.BegunUtc >= Window)
            {
                over = counted;
                callers[key] = counted = new Counted { BegunUtc = now, First = entry };
            }
            isOneOfMany = counted.Refusals >= MostEach;
            if (isOneOfMany) counted.AddMore(now);
            counted.Refusals++;
        }
        if (over is not null) await EnterAsync(over);
        if (!isOneOfMany) await trail.WriteAsync(entry);
    }

    /// <summary>Enters what was counted in times that are over by now.</summary>
    internal Task EnterAsync() => EnterAsync(counted => time.GetUtcNow() - counted.BegunUtc >= Window);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // No longer than a host waits for the app to end.
        await EnterAsync(_ => true).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await EnterAsync();
    }

    private async Task EnterAsync(Func<Counted, bool> isOver)
    {
        List<Counted> over = [];
        lock (callers)
        {
            foreach (var (key, counted) in callers.Where(c => isOver(c.Value)).ToList())
            {
                callers.Remove(key);
                over.Add(counted);
            }
        }
        foreach (var counted in over) await EnterAsync(counted);
    }

    private async Task EnterAsync(Counted counted)
    {
        if (counted.Refusals <= MostEach) return;
        var (isRefused, more) = (counted.First.Outcome == AuditOutcome.Refused, counted.Refusals - MostEach);
        var entry = new AuditEntry
        {
            Id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true),
            TimeUtc = counted.ToUtc,
            Workspace = counted.First.Workspace,
            Who = counted.First.Who,
            WhoId = counted.First.WhoId,
            Action = isRefused ? "refused" : "try-source",
            Outcome = counted.First.Outcome,
            Code = isRefused ? "more-refused" : "more-failed",
            After = AuditJson.Of(null, isRefused ? new { refusals = more, fromUtc = counted.FromUtc, toUtc = counted.ToUtc } : (object)new { failures = more, fromUtc = counted.FromUtc, toUtc = counted.ToUtc }).After,
        };
        try
        {
            await trail.EndAsync(entry);
        }
        catch (RefusedException)
        {
            // Logged, and tried again.
        }
    }

    /// <summary>What a caller was refused in one of the times.</summary>
    private sealed class Counted
    {
        public required DateTimeOffset BegunUtc { get; init; }

        public required AuditEntry First { get; init; }

        public long Refusals { get; set; }

        // Of those that are not entered each.
        public DateTimeOffset FromUtc { get; private set; }

        public DateTimeOffset ToUtc { get; private set; }

        public void AddMore(DateTimeOffset now) => (FromUtc, ToUtc) = (FromUtc == default ? now : FromUtc, now);
    }
}
