using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>What a killed process had begun is finished by the next one (at least once).</summary>
public sealed class CrashTests
{
    private const int Activities = 40;
    private const int Sum = Activities * (Activities - 1) / 2;

    [Fact]
    public async Task A_fan_out_whose_process_is_killed_in_the_middle_is_completed_by_the_next_process()
    {
        using var folder = new TempFolder();
        var database = $"LocalHost:Database={folder.Database}";
        using (var first = await ChildHost.StartAsync(database))
        {
            await OrderAsync(first, folder, activityMs: 50);
            await Until.TrueAsync(() => Count(folder, "done") >= 5);
            await first.KillAsync();
        }

        Assert.InRange(Count(folder, "done"), 5, Activities - 1);
        using var second = await ChildHost.StartAsync(database);
        await AssertCompletedAsync(second);
        Assert.Equal(Activities, Count(folder, "done"));
        Assert.True(Starts(folder).Max() > 1, "Nothing was running when the process was killed.");
    }

    [Fact]
    public async Task Crashes_by_the_fault_switch_end_the_process_and_lose_nothing()
    {
        using var folder = new TempFolder();
        string[] settings = [$"LocalHost:Database={folder.Database}", "Chaos:CrashAfterActivities=15"];
        var crashes = 0;
        var done = false;
        for (; !done; crashes += done ? 0 : 1)
        {
            using var child = await ChildHost.StartAsync(settings);
            if (crashes == 0)
            {
                await OrderAsync(child, folder, activityMs: 1);
            }

            try
            {
                await AssertCompletedAsync(child);
                done = true;
            }
            catch (HttpRequestException)
            {
                Assert.Equal(128 + 9, await child.ExitCodeAsync());
            }
        }

        Assert.InRange(crashes, 1, 2);
        Assert.Equal(Activities, Count(folder, "done"));
    }

    private static async Task OrderAsync(ChildHost host, TempFolder folder, int activityMs)
    {
        using var answer = await host.Http.PutAsJsonAsync("api/fan-out/one", new FanOut.Order(folder.Path, Activities, activityMs));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task AssertCompletedAsync(ChildHost host)
    {
        var end = await host.Http.GetFromJsonAsync<JsonElement>("api/fan-out/one");
        Assert.Equal("Completed", end.GetProperty("status").GetString());
        Assert.Equal(Sum.ToString(CultureInfo.InvariantCulture), end.GetProperty("output").GetString());
    }

    private static int Count(TempFolder folder, string kind) => Directory.GetFiles(folder.Path, $"*.{kind}").Length;

    private static IEnumerable<long> Starts(TempFolder folder) => Directory.GetFiles(folder.Path, "*.started").Select(f => new FileInfo(f).Length);
}
