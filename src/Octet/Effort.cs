namespace Octet;

/// <summary>How much time may be spent.</summary>
public enum Effort
{
    /// <summary>One sweep over the data and nothing else.</summary>
    Fast,

    /// <summary>Ranges by output error, weights rounded with error feedback, bias correction.</summary>
    Normal,
}
