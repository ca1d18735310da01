using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>Issue: 100,000 records with flat memory. What libldap holds is not the collector's, and is counted too.</summary>
[Collection(Alone.Name)]
public sealed class LdapMemoryTests(LargeSlapd slapd) : IClassFixture<LargeSlapd>, IAsyncLifetime
{
    private LdapPlace place = null!;

    public async ValueTask InitializeAsync() => place = await LdapPlace.NewAsync(slapd);

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    [Fact, Trait("Speed", "Slow")]
    public async Task A_hundred_thousand_entries_take_as_little_memory_as_ten_thousand()
    {
        await CopyAsync("(uid=*1234)", LargeSlapd.Entries / 10_000);
        var few = await RetainedMemory.MostAsync(() => CopyAsync("(uid=*7)", LargeSlapd.Entries / 10));
        var many = await RetainedMemory.MostAsync(() => CopyAsync(LdapPlace.Persons, LargeSlapd.Entries));
        TestContext.Current.TestOutputHelper!.WriteLine($"{few:n0} bytes for 10,000 entries, {many:n0} for 100,000");
        // The copies have 1 and 10 MB, the answers of the server more than that. A page at a time is held.
        Assert.InRange(many, 0, few + (6L << 20));
    }

    private async Task CopyAsync(string filter, int entries)
    {
        var origin = place.Origin(place.Plain("dc=large") with { Filter = filter }, ["uid", "mail", "cn", "sn"]);
        using var lines = new CountingStream();
        await origin.CopyAsync(lines, TestContext.Current.CancellationToken);
        Assert.Equal(entries + 1, lines.Lines);
        Assert.InRange(lines.Position, entries * 70L, entries * 200L);
    }

    private sealed class CountingStream : MemoryStream
    {
        private long length;

        public int Lines { get; private set; }

        public override long Position => length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lines += buffer.Span.Count((byte)'\n');
            length += buffer.Length;
            return default;
        }
    }
}
