using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Jobs;

/// <summary>Ids of jobs: what starts twice gets the same id, so that it runs once (design, Rules of orchestration 10).</summary>
public static class JobIds
{
    /// <summary>How many characters an id has.</summary>
    public const int Length = 32;

    /// <summary>An id that nobody has.</summary>
    public static string New() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>A run or a retry over HTTP: by kind, caller, point and Idempotency-Key; without a key each request is one of its own.</summary>
    public static string ForRequest(JobType type, string caller, string pointId, string? idempotencyKey)
        => string.IsNullOrEmpty(idempotencyKey) ? New() : Hash("http", type.ToString(), caller, pointId, idempotencyKey);

    /// <summary>A scheduled run: by point and the time it was due.</summary>
    public static string ForSchedule(string workspace, string pointId, DateTimeOffset dueUtc)
        => Hash("schedule", workspace, pointId, dueUtc.UtcTicks.ToString(CultureInfo.InvariantCulture));

    /// <summary>An upload: by the blob's name and version.</summary>
    public static string ForUpload(string name, string etag) => Hash("upload", name, etag);

    /// <summary>A check over HTTP: by caller, workspace, point (blank: none) and Idempotency-Key; without a key each request is a check of its own.</summary>
    public static string ForCheck(string caller, string workspace, string pointId, string? idempotencyKey) => string.IsNullOrEmpty(idempotencyKey)
        ? RandomNumberGenerator.GetHexString(32, lowercase: true)
        : Hash("check", caller, workspace, pointId, idempotencyKey);

    /// <summary>An undo: by the job that is undone and the undo before.</summary>
    public static string ForUndo(string jobId, string? before) => Hash("undo", jobId, before ?? "");

    private static string Hash(params string[] parts)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Select(p => $"{p.Length}:{p}")))).AsSpan(0, 16));
}
