namespace Octet.Dialects.Ppq;

/// <summary>What a written model computes.</summary>
public enum PpqMeaning
{
    /// <summary>What PPQ simulates, in floats: biases stay float where the platform's do.</summary>
    Simulation,

    /// <summary>What integers compute: every bias is a 32-bit integer in steps of input scale × weight scale. The same where the platform rounds biases itself.</summary>
    Integer,
}
