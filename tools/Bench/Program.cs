using System.Runtime.InteropServices;
using IntegrationPoints.Bench;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return args.FirstOrDefault() switch
    {
        "reader" => await ReaderBench.RunAsync(args[1..]),
        "import" => await ImportBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "people" => await PeopleBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "export" => await ExportBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "memory" => await MemoryBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "images" => await ImageBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "zip" => await ZipBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "check" => await CheckBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "history" => await HistoryBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "cost" => await CostBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        "schedules" => await ScheduleBench.RunAsync(new Options(args.Skip(1)), stop.Token),
        _ => throw new UsageException("Which benchmark?"),
    };
}
catch (UsageException usage)
{
    Console.Error.WriteLine(usage.Message);
    Console.Error.WriteLine(
        """
        Usage: dotnet run -c Release --project tools/Bench -- ...
          reader [--mb 200] [--runs 5] [--encoding utf-8]
          import [--documents 100000] [--natives 20000] [--text-bytes 1000] [--runs 1] [--out FILE]
          people [--people 100000] [--runs 1] [--out FILE]
          export [--documents 100000] [--large 1000000] [--natives 5000] [--text-bytes 1000] [--runs 1] [--out FILE]
          memory [--small 100] [--large 1000] [--out FILE]
          images [--pages 5000] [--out FILE]
          zip [--small 200] [--large 2000] [--native-kb 1000] [--out FILE]
          check [--small 100] [--large 1000] [--out FILE]
          history [--jobs 100000] [--errors 1000000] [--out FILE]
          cost [--documents 10000] [--natives 1000] [--prices FILE] [--out FILE]
          schedules [--schedules 10000] [--out FILE]
        """);
    return 64;
}
catch (InvalidOperationException failed)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

// What was started is stopped on the way out.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
