namespace IntegrationPoints.Cli;

/// <summary>The command line asks for something that cannot be: exit code 64.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command could not be carried out, in words for the user: exit code 2.</summary>
internal class CommandException(string message) : Exception(message);

/// <summary>The app refused a request: the words and the code of its problem details.</summary>
internal sealed class AppException(int status, string? code, string message) : CommandException(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The stable code of the problem; null when the answer held none.</summary>
    public string? Code { get; } = code;
}
