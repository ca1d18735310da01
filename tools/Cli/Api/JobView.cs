namespace IntegrationPoints.Cli.Api;

/// <summary>A job as the API shows it.</summary>
internal sealed record JobView
{
    public required string JobId { get; init; }

    public string Name { get; init; } = "";

    public required string Status { get; init; }

    public bool IsFinal { get; init; }

    public DateTimeOffset StartedUtc { get; init; }

    public DateTimeOffset? EndedUtc { get; init; }

    public long Read { get; init; }

    public long Transferred { get; init; }

    public long WithErrors { get; init; }

    public long Skipped { get; init; }

    public long Warnings { get; init; }

    public long Links { get; init; }

    public long LinkProblems { get; init; }

    /// <summary>Whether its errors are worth a look, those of records that were transferred included.</summary>
    public bool HasErrors => WithErrors > 0 || LinkProblems > 0;

    public long? Total { get; init; }

    public double RequestUnits { get; init; }

    public JobProgress? Progress { get; init; }

    /// <summary>How many records there are, as far as planning has come; null before anything is known.</summary>
    public long? Known => Total ?? (Progress is { PlannedRecords: > 0 } progress ? progress.PlannedRecords : null);

    /// <summary>What programs get of a job that ended (contract of the command line).</summary>
    public object Summary => new { JobId, Status, Read, Transferred, WithErrors, Skipped, Total };

    /// <summary>The exit code that the status stands for.</summary>
    public int ExitCode => Status switch
    {
        "Completed" => Cli.ExitCode.Done,
        "Completed with errors" or "Stopped" or "Suspended" => Cli.ExitCode.DoneWithErrors,
        _ => Cli.ExitCode.Failed,
    };
}

/// <summary>How far a running job has come.</summary>
internal sealed record JobProgress(long Read, long Transferred, long WithErrors, long Skipped, long PlannedRecords, bool Planned);

/// <summary>An error or a warning of a job.</summary>
internal sealed record JobErrorView(long? Line, string? SourceId, string? Field, string Code, string Type, string? Severity, string Error);

/// <summary>Where a file may be sent to, for an hour.</summary>
internal sealed record UploadAddress(string Path, string Blob, Uri Url);

/// <summary>Answer to a request for addresses.</summary>
internal sealed record UploadAddresses(IReadOnlyList<UploadAddress> Uploads);

/// <summary>Answer to creating something.</summary>
internal sealed record Created(string Id);

/// <summary>Answer to running a point.</summary>
internal sealed record Started(string JobId);
