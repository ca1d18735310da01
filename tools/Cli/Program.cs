using IntegrationPoints.Cli;

return await CommandLine.RunAsync(args);
