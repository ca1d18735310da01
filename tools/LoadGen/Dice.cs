using System.Numerics;

namespace IntegrationPoints.LoadGen;

/// <summary>
/// A stream of numbers that depends on its seed only: SplitMix64 (Steele, Lea, Flood 2014). System.Random does not promise the same
/// numbers in every version.
/// </summary>
internal struct Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The dice of one thing among many, so that it comes out the same whatever was made before it.</summary>
    public static Dice For(ulong seed, ulong thing) => new(new Dice(seed ^ BitOperations.RotateLeft(thing + 1, 32)).Next() ^ thing);

    /// <summary>A number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Next() % (uint)limit);

    /// <summary>Whether something happens that does so in <paramref name="percent"/> of cases.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
