namespace Octet.Rewrites;

/// <summary>y = scale·x + shift for every channel, in double precision.</summary>
/// <param name="Scale">One factor a channel.</param>
/// <param name="Shift">One summand a channel.</param>
internal sealed record ChannelAffine(double[] Scale, double[] Shift)
{
    /// <summary>Number of channels.</summary>
    public int Channels => Scale.Length;

    /// <summary>Whether nothing is added.</summary>
    public bool IsScaleOnly => Shift.All(s => s == 0);

    /// <summary>Whether nothing is multiplied.</summary>
    public bool IsShiftOnly => Scale.All(s => s == 1);

    /// <summary>What comes of this and then <paramref name="next"/>.</summary>
    public ChannelAffine Then(ChannelAffine next)
        => new([.. Scale.Zip(next.Scale, (a, b) => a * b)], [.. Shift.Select((s, c) => (s * next.Scale[c]) + next.Shift[c])]);
}
