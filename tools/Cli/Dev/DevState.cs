using System.Text.Json;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Dev;

/// <summary>What was started, so that a later command finds it and stops nothing else.</summary>
internal sealed record DevState
{
    /// <summary>What the app's health must say, to be known as the one that was started here.</summary>
    public required string Instance { get; init; }

    /// <summary>The command that started it, for a demo; null when it is meant to stay.</summary>
    public OwnProcess? Owner { get; init; }

    /// <summary>Where the app keeps its records.</summary>
    public string Records { get; init; } = RecordStore.Sqlite;

    /// <summary>The storage emulator.</summary>
    public OwnProcess? Storage { get; init; }

    /// <summary>The connection string of the storage emulator.</summary>
    public string? StorageConnection { get; init; }

    /// <summary>The app.</summary>
    public OwnProcess? App { get; init; }

    /// <summary>Where the app listens; null until it is healthy.</summary>
    public Uri? Url { get; init; }

    /// <summary>The state of a folder; null when nothing was started there, or when its file cannot be read.</summary>
    public static DevState? Read(DevFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<DevState>(File.ReadAllBytes(folder.State), Terminal.JsonFormat);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Puts the state in its folder, in one step.</summary>
    public void Write(DevFolder folder)
    {
        var unfinished = folder.State + ".new";
        // It holds the key of the storage: for this user's eyes only.
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, options)) JsonSerializer.Serialize(file, this, Terminal.JsonFormat);
        File.Move(unfinished, folder.State, overwrite: true);
    }
}
