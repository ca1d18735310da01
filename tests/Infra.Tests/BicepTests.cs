namespace IntegrationPoints.Infra.Tests;

/// <summary>The files of the infrastructure, one by one.</summary>
public sealed class BicepTests
{
    [Fact]
    public async Task They_are_formatted()
    {
        using var bicep = new Bicep();
        foreach (var pattern in (string[])["**/*.bicep", "**/*.bicepparam"])
        {
            var answer = await bicep.RunAsync("format", "--pattern", pattern);
            Assert.True(answer.ExitCode == 0, answer.Errors);
        }
        Assert.NotEmpty(bicep.Files);
        Assert.All(bicep.Files, file => Assert.Equal(File.ReadAllText(Path.Combine(bicep.Folder, file)), Repository.Text(Path.Combine("infra", file))));
    }

    [Theory]
    [InlineData("main.bicep")]
    [InlineData("hooks/uploads.bicep")]
    public async Task They_build_without_a_warning_by_every_rule_of_the_linter(string file)
    {
        using var bicep = new Bicep();
        var answer = await bicep.RunAsync("build", file, "--stdout");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Errors));
        Assert.NotEmpty(answer.Output);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("prod-vnet")]
    [InlineData("hooks/uploads")]
    public async Task Parameter_files_build_without_a_warning(string file)
    {
        using var bicep = new Bicep();
        var answer = await bicep.RunAsync("build-params", $"{file}.bicepparam", "--stdout");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Errors));
        Assert.NotEmpty(answer.Output);
    }

    [Fact]
    public void Every_module_is_used_and_none_comes_from_a_registry()
    {
        var all = Directory.EnumerateFiles(Repository.Path("infra"), "*.bicep", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);
        foreach (var (file, text) in all) Assert.False(text.Contains("'br", StringComparison.Ordinal) || text.Contains("'ts", StringComparison.Ordinal), file);
        var unused = all.Keys.Where(f => f.Contains("/app/", StringComparison.Ordinal))
            .Where(f => !all.Values.Any(text => text.Contains($"'app/{Path.GetFileName(f)}'", StringComparison.Ordinal)));
        Assert.Empty(unused);
    }
}
