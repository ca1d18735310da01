using System.Runtime.Versioning;

namespace IntegrationPoints.Infra.Tests;

/// <summary>The hook run with an <c>az</c> and a <c>curl</c> that write down what they are asked for.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HookRun : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hook-").FullName;

    /// <summary>The key is there when it is asked for so many times.</summary>
    public HookRun(int keyAfter)
    {
        Program("az", $"""
            echo "az $*" >> "{folder}/calls"
            case "$*" in
                *"keys list"*) [ "$(grep -c 'keys list' "{folder}/calls")" -lt {keyAfter} ] || echo secret-key ;;
                *"deployment group create"*) printf %s "$BLOBS_EXTENSION_KEY" > "{folder}/key" ;;
            esac
            """);
        Program("curl", $"""
            echo "curl $*" >> "{folder}/calls"
            exit 7
            """);
        Program("sleep", ":");
    }

    public IReadOnlyList<string> Calls => File.Exists($"{folder}/calls") ? File.ReadAllLines($"{folder}/calls") : [];

    public string KeyOfDeployment => File.ReadAllText($"{folder}/key");

    public Task<Answer> StartAsync(string? missing = null)
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}",
            ["AZURE_SUBSCRIPTION_ID"] = "sub-x",
            ["AZURE_RESOURCE_GROUP"] = "rg-x",
            ["AZURE_FUNCTION_APP_NAME"] = "func-x",
            ["EVENT_TOPIC_NAME"] = "evgt-x",
            ["DATA_STORAGE_NAME"] = "stdatax",
            ["DEAD_LETTER_CONTAINER"] = "dead-letters",
            ["SERVICE_APP_URI"] = "https://func-x.example.invalid",
        };
        if (missing is not null) environment[missing] = null;
        return Commands.RunAsync("sh", [Repository.Path("infra/hooks/postdeploy.sh")], Repository.Root, environment);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Program(string name, string script)
    {
        File.WriteAllText($"{folder}/{name}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode($"{folder}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
