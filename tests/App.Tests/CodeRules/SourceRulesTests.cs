using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IntegrationPoints.App.Tests.CodeRules;

/// <summary>What the design says about folders, files and names.</summary>
public sealed partial class SourceRulesTests
{
    private const int LongestFile = 300, LongestOrchestrator = 100;

    /// <summary>Design, The house: App → Providers → Storage → Engine → LoadFiles, nothing else.</summary>
    [Theory]
    [InlineData("LoadFiles", "")]
    [InlineData("Engine", "LoadFiles")]
    [InlineData("Storage", "Engine LoadFiles")]
    [InlineData("Providers", "Storage Engine LoadFiles")]
    [InlineData("App", "Providers Storage Engine LoadFiles LocalHost")]
    public void Dependencies_point_one_way(string project, string mayUse)
    {
        var used = Assembly.Load($"IntegrationPoints.{project}").GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("IntegrationPoints.", StringComparison.Ordinal)).Select(name => name["IntegrationPoints.".Length..]);
        Assert.Empty(used.Except(mayUse.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Design, The house: formats know nothing of Azure, the domain has no Azure SDK and no network.</summary>
    [Theory]
    [InlineData("LoadFiles")]
    [InlineData("Engine")]
    public void Formats_and_domain_know_no_store(string project)
        => Assert.DoesNotContain(Assembly.Load($"IntegrationPoints.{project}").GetReferencedAssemblies(), a
            => a.Name!.StartsWith("Azure.", StringComparison.Ordinal)
            || a.Name.StartsWith("Microsoft.", StringComparison.Ordinal)
            || a.Name.StartsWith("System.Net", StringComparison.Ordinal));

    /// <summary>Design, LocalHost: publishing a project that references App would choose the other runtime for it.</summary>
    [Fact]
    public void The_command_line_does_not_reference_the_app()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "tools", "Cli", "Cli.csproj"));
        Assert.DoesNotContain(project.Descendants("ProjectReference"), r => r.Attribute("Include")!.Value.Contains("App.csproj", StringComparison.Ordinal));
    }

    /// <summary>Design, LocalHost: the project's global usings choose the runtime.</summary>
    [Fact]
    public void No_file_of_the_app_imports_a_runtime()
        => Assert.Empty(Repository.Sources("functions", "App").Where(f => Runtime().IsMatch(f.Text)).Select(f => f.Path));

    [Fact]
    public void No_file_is_longer_than_people_read()
        => Assert.Empty(Sources().Where(f => f.Text.AsSpan().Count('\n') > LongestFile).Select(f => $"{f.Path}: {f.Text.AsSpan().Count('\n')} lines"));

    /// <summary>Design, Code: an orchestrator reads as a recipe. Its type, and all that stands above it in its file.</summary>
    [Fact]
    public void No_orchestrator_is_longer_than_a_recipe()
    {
        var types = Repository.Sources("functions", "App").SelectMany(f => f.Text.Split("\n}\n").Select(type => (f.Path, Text: type)))
            .Where(type => type.Text.Contains("[OrchestrationTrigger]", StringComparison.Ordinal)).ToList();
        Assert.Contains(types, type => type.Path == "functions/App/Jobs/RunJob.cs");
        Assert.DoesNotContain(types, type => type.Text.AsSpan().Count('\n') >= LongestOrchestrator);
    }

    /// <summary>Design, Code: a name says what a thing does.</summary>
    [Fact]
    public void No_type_is_named_for_nothing()
        => Assert.DoesNotContain(Sources().SelectMany(f => TypeName().Matches(f.Text).Select(m => m.Groups["name"].Value)), name => Empty().IsMatch(name));

    [Theory]
    [InlineData("internal sealed class JobManager", "JobManager")]
    [InlineData("public record struct StringUtil(int X)", "StringUtil")]
    [InlineData("file interface IThingHelper", "IThingHelper")]
    [InlineData("public abstract class SourceBase<T>", "SourceBase")]
    public void Names_for_nothing_are_found(string code, string name)
    {
        Assert.Equal(name, TypeName().Match(code).Groups["name"].Value);
        Assert.Matches(Empty(), name);
    }

    [Theory]
    [InlineData("using Microsoft.DurableTask;")]
    [InlineData("using static IntegrationPoints.LocalHost.Worker.AuthorizationLevel;")]
    [InlineData("global using Microsoft.Azure.Functions.Worker;")]
    [InlineData("using Context = Microsoft.DurableTask.TaskOrchestrationContext;")]
    public void Imports_of_a_runtime_are_found(string code) => Assert.Matches(Runtime(), code);

    private static IEnumerable<(string Path, string Text)> Sources()
        => Repository.Sources("functions").Concat(Repository.Sources("tools")).Concat(Repository.Sources("tests"));

    [GeneratedRegex(@"using\s+(static\s+)?(\w+\s*=\s*)?(IntegrationPoints\.LocalHost|Microsoft\.Azure\.Functions|Microsoft\.DurableTask)")]
    private static partial Regex Runtime();

    [GeneratedRegex(@"^[^/""*]*\b(class|interface|enum|struct|record( class| struct)?)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeName();

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utility|Utilities|Common|Wrapper|Base|Impl)$")]
    private static partial Regex Empty();
}
