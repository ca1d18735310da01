namespace IntegrationPoints.Bench;

/// <summary>A temporary folder that is removed when all went well; what is in it says why it did not.</summary>
internal static class Scratch
{
    /// <summary>Does something in a folder of its own.</summary>
    public static async Task<T> RunAsync<T>(Func<string, Task<T>> work)
    {
        var folder = Directory.CreateTempSubdirectory("bench-").FullName;
        var done = false;
        try
        {
            var result = await work(folder);
            done = true;
            return result;
        }
        finally
        {
            if (done) Directory.Delete(folder, recursive: true);
            else await Console.Error.WriteLineAsync($"Data and logs of the run stay in {folder}.");
        }
    }
}
