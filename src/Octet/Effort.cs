namespace Octet;

/// <summary>How much time may be spent.</summary>
public enum Effort
{
    /// <summary>One sweep over the data; weights rounded to the nearest, but for what keeps pair sums from saturating.</summary>
    Fast,

    /// <summary>Ranges by output error, weights rounded with error feedback, bias correction.</summary>
    Normal,

    /// <summary>Also ranges by the error at the network's outputs.</summary>
    High,
}
