using System.Runtime.InteropServices;

namespace IntegrationPoints.Tests;

/// <summary>
/// How much memory of this process is in use and stays so: what a full collection leaves, and what native libraries hold. Tests that ask for it run in a
/// collection that runs alone, since everything else in the process would be counted too.
/// </summary>
public static class RetainedMemory
{
    /// <summary>How many bytes the process holds now.</summary>
    public static long Now()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        // As of the collection: what other threads have thrown away since is not counted, however long this one has waited.
        var left = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return left.HeapSizeBytes - left.FragmentedBytes + Native();
    }

    /// <summary>The most that some work holds at any time, in bytes beside what was held before; it is looked for again and again until the work is done.</summary>
    public static async Task<long> MostAsync(Func<Task> work)
    {
        // What is freed by finalizers was held by nobody.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Now();
        var most = 0L;
        // On a thread of its own, since the pool's may all be busy for a while.
        using var done = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            do most = Math.Max(most, Now() - before);
            while (!done.Wait(50));
        });
        watch.Start();
        try
        {
            await work();
        }
        finally
        {
            done.Set();
            watch.Join();
        }
        return most;
    }

    // The collector's own memory does not come from malloc. Elsewhere than with glibc, native memory is not counted.
    private static long Native()
    {
        try
        {
            var all = mallinfo2();
            return (long)(all.InUse + all.Mapped);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }
    }

    [DllImport("libc.so.6"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern MallocInfo mallinfo2();

    // struct mallinfo2 of malloc.h.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInfo
    {
        public readonly nuint Arena, FreeChunks, FastChunks, Mappings, Mapped, Unused, FreeFast, InUse, Free, Releasable;
    }
}
