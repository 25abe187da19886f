namespace Octet.Calibration.Inputs;

/// <summary>How values at a batch normalization differ from those in training, as medians over its channels.</summary>
/// <param name="Layer">The batch normalization, as the user calls it.</param>
/// <param name="Ratio">Standard deviation with the samples by that in training.</param>
/// <param name="Shift">Distance of the means in standard deviations of the training.</param>
internal sealed record TrainingDeviation(string Layer, double Ratio, double Shift);
