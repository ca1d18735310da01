using System.Text.Json;

namespace IntegrationPoints.Infra.Tests;

/// <summary>Which runtime a command compiles against. Evaluated only: the packages of Azure Functions are not everywhere to be had.</summary>
public sealed class PublishTests
{
    private static readonly string[] WorkerPackages =
    [
        "Microsoft.Azure.Functions.Worker", "Microsoft.Azure.Functions.Worker.Sdk", "Microsoft.Azure.Functions.Worker.Extensions.Http",
        "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore", "Microsoft.Azure.Functions.Worker.Extensions.Timer",
        "Microsoft.Azure.Functions.Worker.Extensions.Storage.Blobs", "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
    ];

    [Theory]
    [InlineData("azure", "-p:_IsPublishing=true")] // what `dotnet publish` sets
    [InlineData("azure", "-p:FunctionsRuntime=azure")] // what `func` users set in the environment
    [InlineData("local")]
    public async Task The_app_compiles_against(string runtime, params string[] arguments)
    {
        var answer = await Commands.RunAsync(
            "dotnet",
            ["msbuild", "functions/App/App.csproj", .. arguments, "-getProperty:FunctionsRuntime,AzureFunctionsVersion,TreatWarningsAsErrors,OutputType,NuGetLockFilePath,UserSecretsId",
                "-getItem:PackageReference,ProjectReference,PackageVersion,None"],
            Repository.Root);
        Assert.True(answer.ExitCode == 0, answer.Output + answer.Errors);
        using var evaluated = JsonDocument.Parse(answer.Output);
        var properties = evaluated.RootElement.GetProperty("Properties");
        Assert.Equal(runtime, properties.GetProperty("FunctionsRuntime").GetString());
        Assert.Equal("Exe", properties.GetProperty("OutputType").GetString());
        Assert.Equal($"packages.{runtime}.lock.json", properties.GetProperty("NuGetLockFilePath").GetString());
        Assert.NotEmpty(properties.GetProperty("UserSecretsId").GetString()!);

        var packages = Names(evaluated, "PackageReference");
        var usesLocalHost = Names(evaluated, "ProjectReference").Any(p => p.Contains("LocalHost", StringComparison.Ordinal));
        if (runtime == "azure")
        {
            Assert.Equal("v4", properties.GetProperty("AzureFunctionsVersion").GetString());
            Assert.Equal("false", properties.GetProperty("TreatWarningsAsErrors").GetString());
            Assert.Empty(WorkerPackages.Except(packages));
            Assert.Empty(packages.Except(Names(evaluated, "PackageVersion")));
            Assert.False(usesLocalHost);
        }
        else
        {
            Assert.DoesNotContain(packages, p => p.StartsWith("Microsoft.Azure.Functions", StringComparison.Ordinal));
            Assert.True(usesLocalHost);
        }
        var host = evaluated.RootElement.GetProperty("Items").GetProperty("None").EnumerateArray()
            .Single(i => i.GetProperty("Filename").GetString() == "host" && i.GetProperty("Extension").GetString() == ".json");
        Assert.Equal(("host.json", "PreserveNewest"), (host.GetProperty("Link").GetString(), host.GetProperty("CopyToPublishDirectory").GetString()));
        // What a developer has among them are secrets.
        Assert.All(
            evaluated.RootElement.GetProperty("Items").GetProperty("None").EnumerateArray().Where(i => i.GetProperty("Filename").GetString() == "local.settings"),
            i => Assert.Equal("Never", i.GetProperty("CopyToPublishDirectory").GetString()));
    }

    /// <summary>Microsoft.Azure.Functions.Worker.Sdk writes WorkerExtensions.csproj with versions of its own into the obj folder and builds it.</summary>
    [Fact]
    public async Task The_project_that_the_SDK_of_Azure_Functions_makes_is_left_alone()
    {
        var folder = Repository.Path("functions/App/obj/azure/Probe/WorkerExtensions");
        Directory.CreateDirectory(folder);
        try
        {
            var project = Path.Combine(folder, "WorkerExtensions.csproj");
            File.WriteAllText(project, """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net8.0</TargetFramework>
                  </PropertyGroup>
                </Project>
                """);
            var answer = await Commands.RunAsync(
                "dotnet",
                ["msbuild", project, "-p:_IsPublishing=true", "-p:CI=true",
                    "-getProperty:AssemblyName,FunctionsRuntime,TreatWarningsAsErrors,ManagePackageVersionsCentrally,RestorePackagesWithLockFile,RestoreLockedMode"],
                Repository.Root);
            Assert.True(answer.ExitCode == 0, answer.Output + answer.Errors);
            using var evaluated = JsonDocument.Parse(answer.Output);
            var properties = evaluated.RootElement.GetProperty("Properties").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString());
            Assert.Equal("WorkerExtensions", properties["AssemblyName"]);
            Assert.All(properties.Where(p => p.Key != "AssemblyName"), p => Assert.True(p.Value is "" or "false", $"{p.Key} is {p.Value}"));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        }
    }

    [Fact]
    public void Nothing_that_is_committed_asks_for_the_packages_of_Azure_Functions()
    {
        var locks = Directory.EnumerateFiles(Repository.Root, "packages*.lock.json", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("packages.azure.lock.json", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal)
                && !f.Contains("/node_modules/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(locks);
        Assert.All(locks, f => Assert.DoesNotContain("Microsoft.Azure.Functions", File.ReadAllText(f), StringComparison.Ordinal));
        Assert.Contains("packages.azure.lock.json", Repository.Text(".gitignore"));
    }

    private static HashSet<string> Names(JsonDocument evaluated, string item)
        => [.. evaluated.RootElement.GetProperty("Items").GetProperty(item).EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
}
