using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>Issue: 100,000 records with flat memory. A batch is at most a page, whatever batches hold otherwise.</summary>
[Collection(Alone.Name)]
public sealed class EntraMemoryTests(Stores stores, LookAlike lookAlike) : IClassFixture<LookAlike>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("Speed", "Slow")]
    public async Task A_hundred_thousand_people_take_as_little_memory_as_ten_thousand()
    {
        var place = await EntraPlace.NewAsync(stores, lookAlike.Server);
        var filler = new string('x', 1000);
        lookAlike.Server.Person = i =>
        {
            var person = EntraPlace.Person(i);
            person["department"] = filler;
            return person;
        };
        await ReadAsync(place, 2000);
        var few = await ReadAsync(place, 10_000);
        var many = await ReadAsync(place, 100_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"{few:n0} bytes for 10,000 people, {many:n0} for 100,000");
        // The copies have 12 and 120 MB.
        Assert.InRange(many, 0, few + (48L << 20));
    }

    // Memory is looked at before each answer: making one takes the look-alike, in this process, more than anything that is tested.
    private async Task<long> ReadAsync(EntraPlace place, int people)
    {
        var (before, most) = (RetainedMemory.Now(), 0L);
        lookAlike.Server.People = people;
        lookAlike.Server.Disturb = (_, _) =>
        {
            most = Math.Max(most, RetainedMemory.Now() - before);
            return Task.FromResult(false);
        };
        var source = place.Source(place.Point(place.Settings), place.NewJob());
        var layout = await source.CheckAsync(Stop);
        var read = 0;
        for (PlanCursor? cursor = new(); cursor is not null;)
        {
            var page = await source.PlanAsync(layout, 0, cursor, Stop);
            Assert.All(page.Batches, b => Assert.InRange(b.Records, 1, DirectoryWalk.PageSize));
            foreach (var batch in page.Batches)
                await foreach (var _ in source.ReadAsync(layout, batch, [], Stop)) read++;
            most = Math.Max(most, RetainedMemory.Now() - before);
            cursor = page.Next;
        }
        Assert.Equal(people, read);
        return most;
    }
}
