namespace IntegrationPoints.Cli;

/// <summary>What the program's end says to scripts (design, API, command line, errors).</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Done, but records were rejected; or stopped, or suspended.</summary>
    public const int DoneWithErrors = 1;

    /// <summary>Failed.</summary>
    public const int Failed = 2;

    /// <summary>The command line itself is wrong (sysexits.h, EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>Ended by Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
