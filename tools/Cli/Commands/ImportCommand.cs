using System.CommandLine;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Jobs;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip import</c>: a load file of this machine, from its first byte to the last record.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var source = new ImportSource();
        return Verbs.Verb("import", "Import a load file with the natives, texts and images it names.", source.All, async call =>
        {
            var request = source.Read(call);
            var job = await new ImportRun(call.App, call.Terminal).RunAsync(request, call.Cancel);
            return await new JobReport(call.App, call.Terminal).ShowAsync(job, call.Cancel, Path.GetExtension(request.FileName));
        });
    }
}
