namespace Octet.Dialects.Ppq;

/// <summary>What becomes of a tensor at an operator, by PPQ's words (ppq/core/quant.py).</summary>
public enum QuantizationStates
{
    /// <summary>FP32: it stays float.</summary>
    Fp32,

    /// <summary>INITIAL: what would round it is switched off; it stays float.</summary>
    Initial,

    /// <summary>PASSIVE_INIT: a bias that stays float because what would round it is switched off.</summary>
    PassiveInit,

    /// <summary>ACTIVATED: it is rounded here.</summary>
    Activated,

    /// <summary>OVERLAPPED: it is rounded elsewhere, and has that scale.</summary>
    Overlapped,

    /// <summary>PASSIVE: a bias that is rounded at every run, with the scale that input and weights give.</summary>
    Passive,

    /// <summary>BAKED: a parameter that is rounded already.</summary>
    Baked,

    /// <summary>PASSIVE_BAKED: a bias that is rounded already, with the scale that input and weights give.</summary>
    PassiveBaked,
}
