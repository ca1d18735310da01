using System.Reflection;
using System.Xml.Linq;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.LocalHost.Durable.Client;
using IntegrationPoints.LocalHost.Worker;

namespace IntegrationPoints.App.Tests.Surface;

/// <summary>
/// The app compiles against the Microsoft packages without having been compiled against them: everything it uses of LocalHost is in
/// azure-surface.txt, which is transcribed from the packages' public sources, and which says where each name comes from.
/// </summary>
public sealed class SurfaceTests
{
    private static readonly Assembly App = typeof(RunJob).Assembly;

    private static IReadOnlyList<(string Package, string Member)> Listed { get; } =
    [
        .. from line in File.ReadLines(Path.Combine(Repository.Root, "tests", "App.Tests", "azure-surface.txt"))
           where line.Length > 0 && line[0] != '#'
           let colon = line.IndexOf(": ", StringComparison.Ordinal)
           select (line[..colon], line[(colon + 2)..]),
    ];

    [Fact]
    public void Everything_the_app_uses_of_the_runtime_is_in_the_Microsoft_packages()
    {
        var used = UsedSurface.Of(App);
        Assert.Contains("Microsoft.Azure.Functions.Worker.HttpTriggerAttribute.Route", used);
        Assert.Contains("Microsoft.DurableTask.TaskOrchestrationContext.CallActivityAsync<TResult>(TaskName, Object, TaskOptions)", used);
        Assert.Contains("Microsoft.Azure.Functions.Worker.Middleware.IFunctionsWorkerMiddleware.Invoke(FunctionContext, FunctionExecutionDelegate)", used);
        Assert.Empty(used.Except(Listed.Select(l => l.Member)));
    }

    [Fact]
    public void What_is_outside_of_the_list_is_found()
    {
        // This assembly uses Page<T>, which no list holds, and an argument of an attribute that is not the app's to use.
        var used = UsedSurface.Of(typeof(SurfaceTests).Assembly);
        Assert.Contains("Microsoft.DurableTask.Client.Page`1", used);
        Assert.Contains("Microsoft.Azure.Functions.Worker.TimerTriggerAttribute.UseMonitor", used);
        Assert.NotEmpty(used.Except(Listed.Select(l => l.Member)));
    }

    [Fact]
    public void Each_line_names_a_package_that_the_app_asks_for()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "functions", "App", "App.csproj"));
        var packages = project.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value).ToHashSet();
        Assert.Empty(Listed.Select(l => l.Package).Distinct().Except(packages));
        Assert.Equal(Listed.Count, Listed.Select(l => l.Member).Distinct().Count());
    }

    [Fact]
    public void Each_namespace_of_the_list_is_imported_for_Azure_by_the_project()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "functions", "App", "App.csproj"));
        var imported = project.Descendants("ItemGroup").Where(g => g.Attribute("Condition")?.Value.Contains("azure", StringComparison.Ordinal) == true)
            .SelectMany(g => g.Elements("Using")).Select(u => u.Attribute("Include")!.Value).ToHashSet();
        // Microsoft.Extensions.Hosting is no runtime: files import it themselves, in either.
        Assert.Empty(UsedSurface.NamespacesOf(App).Except(imported).Except(["Microsoft.Extensions.Hosting"]));
    }

    // What must be found.
    internal static Page<string> Outside([TimerTrigger("0 0 0 1 1 *", UseMonitor = false)] TimerInfo timer) => new([], timer.IsPastDue ? "" : null);
}
