using System.Reflection;

namespace IntegrationPoints.Infra.Tests;

/// <summary>The CLI of Bicep, on a copy of the infrastructure, because it writes beside what it reads.</summary>
internal sealed class Bicep : IDisposable
{
    /// <summary>What the parameter files read: azd sets these, and the hook.</summary>
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["AZURE_ENV_NAME"] = Deployment.LongestEnvironmentName,
        ["AZURE_LOCATION"] = "westeurope",
        ["AUTH_AUDIENCE"] = "33333333-3333-3333-3333-333333333333",
        ["ALERT_EMAIL"] = "operators@example.com",
        ["AZURE_FUNCTION_APP_NAME"] = "func-x",
        ["EVENT_TOPIC_NAME"] = "evgt-x",
        ["DATA_STORAGE_NAME"] = "stdatax",
        ["DEAD_LETTER_CONTAINER"] = "dead-letters",
        ["BLOBS_EXTENSION_KEY"] = "key",
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
    };

    private static readonly string Program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Bicep").Value!;

    /// <summary>A copy of the folder infra. Skips the running test where there is no CLI.</summary>
    public Bicep()
    {
        SkipWhereAbsent();
        foreach (var file in Directory.EnumerateFiles(Repository.Path("infra"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(Repository.Path("infra"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Whether there is a CLI for this machine.</summary>
    public static bool IsHere => File.Exists(Program);

    /// <summary>Where the copy lies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("infra-").FullName;

    /// <summary>Every .bicep and .bicepparam, from <see cref="Folder"/>.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.bicep*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file)).Where(file => !file.EndsWith("bicepconfig.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The mail server that a deployment names; null: none.</summary>
    public string? MailServer { private get; set; }

    /// <summary>Whether a deployment is to lie in zones; null: nothing was said of it.</summary>
    public string? Zones { private get; set; }

    /// <summary>What <c>APP_SETTINGS</c> and <c>APP_ZONE_REDUNDANT</c> say of the app; null: nothing.</summary>
    public (string Settings, string Zones)? App { private get; set; }

    public Task<Answer> RunAsync(params string[] arguments)
        => Commands.RunAsync(Program, arguments, Folder, new Dictionary<string, string?>(Environment) { ["SMTP_HOST"] = MailServer, ["ZONE_REDUNDANT"] = Zones, ["APP_SETTINGS"] = App?.Settings, ["APP_ZONE_REDUNDANT"] = App?.Zones });

    /// <summary>Skips the running test where there is no CLI.</summary>
    public static void SkipWhereAbsent()
        => Assert.SkipUnless(IsHere, "Bicep is checked on Linux on x64 only: its command line is a package of its own for each kind of machine.");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
