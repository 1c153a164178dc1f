
namespace HarmonyLib.Tests;

/// <summary>A patch that fails never reaches the caller, and five failures in a row take it out.</summary>
[TestClass]
public sealed class GuardTests
{
    static bool _fail;
    static int _calls;

    static class Failing
    {
        public static void Prefix() => Fail();
        public static void Postfix() => Fail();
        public static Exception? Finalizer(Exception? __exception)
        {
            Fail();
            return __exception;
        }

        static void Fail()
        {
            _calls++;
            if (_fail)
                throw new FormatException("a bug of the agent");
        }
    }

    [TestMethod]
    public void Failures_stay_inside_and_five_in_a_row_take_the_patch_out()
    {
        using var takenOut = new ManualResetEventSlim();
        var reports = new List<string>();
        var before = Harmony.Report;
        Harmony.Report = report =>
        {
            lock (reports)
                reports.Add(report);
            if (report.Contains("taken out", StringComparison.Ordinal))
                takenOut.Set();
        };
        try
        {
            var method = typeof(Targets).GetMethod(nameof(Targets.Throws))!;
            new Harmony("guard").Patch(method, new HarmonyMethod(Failing.Prefix), new HarmonyMethod(Failing.Postfix), finalizer: new HarmonyMethod(Failing.Finalizer));
            _fail = true;
            for (var i = 0; i < 4; i++)
                Assert.AreEqual("app", Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("app")).Message);
            _fail = false;
            Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("app")); // a success in between starts the count again
            _fail = true;
            for (var i = 0; i < 4; i++)
                Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("app"));
            Assert.IsFalse(takenOut.IsSet);
            Assert.IsNotNull(Harmony.GetPatchInfo(method));
            Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("app"));
            Assert.IsTrue(takenOut.Wait(TimeSpan.FromSeconds(30)));
            Assert.IsNull(Harmony.GetPatchInfo(method));
            var calls = _calls;
            Assert.AreEqual("app", Assert.ThrowsExactly<InvalidOperationException>(() => Targets.Throws("app")).Message);
            Assert.AreEqual(calls, _calls, "the original is back");
            lock (reports)
            {
                Assert.AreEqual(1, reports.Count(report => report.Contains("was taken out", StringComparison.Ordinal)), string.Join('\n', reports));
                Assert.IsTrue(reports.All(report => report.StartsWith("Failing", StringComparison.Ordinal)));
            }
        }
        finally
        {
            _fail = false;
            Harmony.Report = before;
            new Harmony("guard").UnpatchAll("guard");
        }
    }

    sealed class Unspeakable : Exception
    {
        public override string ToString() => throw new FormatException("a bug of the exception");
    }

    static void ThrowUnspeakable() => throw new Unspeakable();

    [TestMethod]
    public void A_report_that_throws_and_an_exception_that_cannot_be_printed_stay_inside_too()
    {
        var (before, harmony) = (Harmony.Report, new Harmony("guard"));
        string? heard = null;
        Harmony.Report = report =>
        {
            heard = report;
            throw new InvalidOperationException("a bug of the log");
        };
        try
        {
            harmony.Patch(typeof(Targets).GetMethod(nameof(Targets.Add))!, prefix: new HarmonyMethod(ThrowUnspeakable));
            Assert.AreEqual(5, Targets.Add(2, 3));
            StringAssert.Contains(heard, "Unspeakable (System.FormatException in its ToString)");
        }
        finally
        {
            Harmony.Report = before;
            harmony.UnpatchAll("guard");
        }
    }
}
