using IntegrationPoints.Bench;

switch (args.FirstOrDefault())
{
    case "reader":
        return await ReaderBench.RunAsync(args[1..]);
    default:
        Console.Error.WriteLine("Usage: bench reader [--mb N] [--runs N] [--encoding NAME]");
        return 64;
}
