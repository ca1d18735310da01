using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Infra.Tests;

/// <summary>What azd reads and runs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class AzdTests
{
    private static readonly string Main = Repository.Text("infra/main.bicep");

    [Fact]
    public void The_paths_of_azure_yaml_exist()
    {
        var text = Repository.Text("azure.yaml");
        Assert.True(Directory.Exists(Repository.Path(Value(text, "path"))));
        Assert.True(File.Exists(Repository.Path($"{Value(text, "path")}/{Value(text, "module")}.bicep")));
        Assert.True(File.Exists(Repository.Path($"{Value(text, "project")}/App.csproj")));
        foreach (Match hook in Run().Matches(text)) Assert.True(File.Exists(Repository.Path(hook.Groups[1].Value)), hook.Value);
        Assert.Equal(2, Run().Count(text));
        Assert.Contains("azd-service-name': 'app'", Repository.Text("infra/app/function-app.bicep"));
    }

    [Fact]
    public void The_parameters_that_azd_fills_in_are_parameters_of_the_template_and_none_that_it_must_have_is_missing()
    {
        using var parameters = JsonDocument.Parse(Repository.Text("infra/main.parameters.json"));
        var filled = parameters.RootElement.GetProperty("parameters").EnumerateObject().Select(p => p.Name).ToList();
        var all = Parameter().Matches(Main).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Success);
        Assert.Empty(filled.Except(all.Keys));
        Assert.Empty(all.Where(p => !p.Value).Select(p => p.Key).Except(filled));
    }

    /// <summary>One rule for azd and for the parameter files: the same variables with the same defaults; a file only says which of the three deployments it is.</summary>
    [Theory]
    [InlineData("dev", "'dev'", "false")]
    [InlineData("prod", "'prod'", "false")]
    [InlineData("prod-vnet", "'prod'", "true")]
    public void The_parameter_files_read_what_azd_fills_in(string file, string size, string network)
    {
        using var parameters = JsonDocument.Parse(Repository.Text("infra/main.parameters.json"));
        var azd = parameters.RootElement.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => Filled().Match(p.Value.GetProperty("value").GetString()!) is { Success: true } m ? $"{m.Groups[1]}={m.Groups[2]}" : "?");
        var given = Given().Matches(Repository.Text($"infra/{file}.bicepparam")).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.Equal((size, network), (given["size"], given["vnetEnabled"]));
        Assert.Equal(("DEPLOYMENT_SIZE=dev", "VNET_ENABLED=false"), (azd["size"], azd["vnetEnabled"]));
        var read = given.Where(g => g.Key is not ("size" or "vnetEnabled"))
            .Select(g => (g.Key, Value: Read().Match(g.Value) is { Success: true } m ? $"{m.Groups[1]}={m.Groups[2]}" : g.Value));
        Assert.Equal(azd.Where(a => a.Key is not ("size" or "vnetEnabled")).Select(a => $"{a.Key}: {a.Value}").Order(StringComparer.Ordinal), read.Select(r => $"{r.Key}: {r.Value}").Order(StringComparer.Ordinal));
        // Every row of the page, with its default.
        var page = Repository.Text("infra/README.md");
        Assert.All(azd.Values.Select(v => v.Split('=')[0]).Where(v => v is not ("AZURE_ENV_NAME" or "AZURE_LOCATION" or "AUTH_AUDIENCE")), variable => Assert.Contains($"| `{variable}` |", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("infra/hooks/postdeploy.sh")]
    [InlineData("infra/hooks/postdeploy.ps1")]
    [InlineData("infra/hooks/uploads.bicepparam")]
    public void What_hooks_read_from_the_environment_is_an_output_of_the_template(string file)
    {
        var outputs = Output().Matches(Main).Select(m => m.Groups[1].Value).Append("BLOBS_EXTENSION_KEY").ToHashSet();
        var read = Variable().Matches(Repository.Text(file)).Select(m => m.Value).ToHashSet();
        Assert.NotEmpty(read);
        Assert.Empty(read.Except(outputs));
    }

    [Fact]
    public async Task The_hook_is_a_script_that_any_shell_can_read()
    {
        var hook = Repository.Path("infra/hooks/postdeploy.sh");
        Assert.Equal((0, ""), await ResultAsync("sh", "-n", hook));
        if (OnPath("shellcheck")) Assert.Equal((0, ""), await ResultAsync("shellcheck", hook));
        Assert.True(File.GetUnixFileMode(hook).HasFlag(UnixFileMode.UserExecute));
    }

    [Fact]
    public async Task The_hook_waits_for_the_key_and_gives_it_to_nobody_but_the_deployment()
    {
        using var run = new HookRun(keyAfter: 2);
        var answer = await run.StartAsync();
        Assert.Equal((0, ""), (answer.ExitCode, answer.Errors));
        Assert.DoesNotContain("secret-key", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Calls, call => call.Contains("secret-key", StringComparison.Ordinal));
        Assert.Equal(2, run.Calls.Count(call => call.StartsWith("az functionapp keys list --subscription sub-x --name func-x --resource-group rg-x", StringComparison.Ordinal)));
        var deployed = Assert.Single(run.Calls, call => call.StartsWith("az deployment group create --subscription sub-x", StringComparison.Ordinal));
        Assert.Contains("--resource-group rg-x", deployed, StringComparison.Ordinal);
        Assert.Equal("secret-key", run.KeyOfDeployment);
    }

    [Theory]
    [InlineData("AZURE_FUNCTION_APP_NAME")]
    [InlineData("EVENT_TOPIC_NAME")]
    public async Task The_hook_says_what_it_lacks_before_it_does_anything(string missing)
    {
        using var run = new HookRun(keyAfter: 1);
        var answer = await run.StartAsync(missing);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains($"{missing} is not set", answer.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Calls);
    }

    private static async Task<(int, string)> ResultAsync(string program, params string[] arguments)
    {
        var answer = await Commands.RunAsync(program, arguments, Repository.Root);
        return (answer.ExitCode, answer.Output + answer.Errors);
    }

    private static bool OnPath(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Value(string yaml, string key) => Regex.Match(yaml, $@"^\s+{key}: (\S+)\s*$", RegexOptions.Multiline).Groups[1].Value;

    [GeneratedRegex(@"^\s+run: (\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Run();

    [GeneratedRegex(@"^param (\w+) [^=\n{]+(?:\{[^}]*\} )?(= )?", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\$\{(\w+)=?([^}]*)\}$")]
    private static partial Regex Filled();

    [GeneratedRegex(@"^param (\w+) = (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Given();

    [GeneratedRegex(@"^(?:(?:int|bool)\()?readEnvironmentVariable\('(\w+)'(?:, '([^']*)')?\)\)?$")]
    private static partial Regex Read();

    [GeneratedRegex(@"^output (\w+)", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex("\\b(?:AZURE_(?:RESOURCE_GROUP|FUNCTION_APP_NAME)|[A-Z]+_TOPIC_NAME|DATA_STORAGE_[A-Z]+|DEAD_LETTER_[A-Z]+|SERVICE_[A-Z_]+|[A-Z_]+_KEY)\\b")]
    private static partial Regex Variable();
}
