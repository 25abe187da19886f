namespace Octet.Dialects.Ppq;

/// <summary>What becomes of a tensor at an operator, by PPQ's words (ppq/core/quant.py).</summary>
public enum QuantizationStates
{
    /// <summary>FP32: it stays float.</summary>
    Fp32,

    /// <summary>ACTIVATED: it is rounded here.</summary>
    Activated,

    /// <summary>OVERLAPPED: it is rounded elsewhere, and has that scale.</summary>
    Overlapped,

    /// <summary>BAKED: a parameter that is rounded already.</summary>
    Baked,

    /// <summary>PASSIVE_BAKED: a bias that is rounded already, with the scale that input and weights give.</summary>
    PassiveBaked,
}
