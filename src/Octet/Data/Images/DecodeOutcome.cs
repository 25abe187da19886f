namespace Octet.Data.Images;

/// <summary>What became of an attempt to decode a picture.</summary>
/// <param name="Picture">The picture, or null where there was a problem.</param>
/// <param name="Problem">What is wrong, or null.</param>
/// <param name="TooLarge">Whether the picture was not decoded because it has more pixels than allowed.</param>
internal readonly record struct DecodeOutcome(Picture? Picture, string? Problem, bool TooLarge);
