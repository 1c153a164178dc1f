namespace Agent.Viewer.Tests;

[TestClass]
public sealed class DurationTextTests
{
    [TestMethod]
    [DataRow(0UL, "0 ns")]
    [DataRow(999UL, "999 ns")]
    [DataRow(1_000UL, "1.0 µs")]
    [DataRow(9_949UL, "9.9 µs")]
    [DataRow(9_950UL, "10 µs")]
    [DataRow(850_000UL, "850 µs")]
    [DataRow(999_499UL, "999 µs")]
    [DataRow(999_500UL, "1.00 ms")]
    [DataRow(1_234_000UL, "1.23 ms")]
    [DataRow(9_995_000UL, "10.0 ms")]
    [DataRow(23_400_000UL, "23.4 ms")]
    [DataRow(99_950_000UL, "100 ms")]
    [DataRow(999_499_999UL, "999 ms")]
    [DataRow(999_500_000UL, "1.0 s")]
    [DataRow(2_100_000_000UL, "2.1 s")]
    [DataRow(59_949_000_000UL, "59.9 s")]
    [DataRow(59_950_000_000UL, "1:00 min")]
    [DataRow(3_599_400_000_000UL, "59:59 min")]
    [DataRow(3_599_600_000_000UL, "1:00 h")]
    [DataRow(9_000_000_000_000UL, "2:30 h")]
    public void A_duration_has_about_three_digits_and_the_unit_that_fits(ulong nanoseconds, string expected) =>
        Assert.AreEqual(expected, DurationText.Format(nanoseconds));
}
