using HarmonyLib.Weaving;

namespace HarmonyLib.Tests;

/// <summary>Which bodies the native library gives the runtime, whatever the runtime answers.</summary>
[TestClass]
[TestCategory("NotUnderWine")]
public sealed class NativeBodiesTests : IDisposable
{
    const int OutOfMemory = unchecked((int)0x8007000E), NotAttached = unchecked((int)0x80131373), InvalidArgument = unchecked((int)0x80070057);
    static readonly byte[] One = [1], Two = [2, 2], Three = [3, 3, 3];

    readonly FakeRuntime _runtime = new();

    public void Dispose() => _runtime.Dispose();

    [TestMethod]
    public void Nothing_is_installed_before_the_library_is_attached()
    {
        Assert.AreEqual(NotAttached, _runtime.Install((10, 1, One)));
        Assert.AreEqual(NotAttached, _runtime.Revert((10, 1)));
        Assert.IsNull(_runtime.BodyOf(10, 1));
    }

    [TestMethod]
    public void Body_is_given_again_and_again_until_it_is_reverted()
    {
        _runtime.Attach();
        Assert.AreEqual(0, _runtime.Install((10, 1, One), (10, 2, Two), (20, 1, Three)));
        for (var i = 0; i < 2; i++)
        {
            CollectionAssert.AreEqual(One, _runtime.BodyOf(10, 1));
            CollectionAssert.AreEqual(Two, _runtime.BodyOf(10, 2));
            CollectionAssert.AreEqual(Three, _runtime.BodyOf(20, 1));
            Assert.IsNull(_runtime.BodyOf(20, 2));
        }
        FakeRuntime.AnswerReverts(0);
        Assert.AreEqual(0, _runtime.Revert((10, 1)));
        Assert.IsNull(_runtime.BodyOf(10, 1));
        CollectionAssert.AreEqual(Two, _runtime.BodyOf(10, 2));
    }

    [TestMethod]
    public void Callers_with_inlined_methods_are_asked_for_too() // or they would lose their own patches
    {
        _runtime.Attach();
        Assert.AreEqual(0, _runtime.Install((10, 1, One)));
        Assert.AreEqual(3u, FakeRuntime.RequestFlags);
    }

    /// <summary>Local variables, two calls of one signature and one of another, a clause that catches a type.</summary>
    static WovenBody Woven() => WovenBody.Join(new byte[12], new byte[13], [new(1, [5, 6], IsType: false), new(5, [7], IsType: false), new(9, [5, 6], IsType: false)],
        [4, 4, 4], new byte[28], [new(0, [8], IsType: true)]);

    [TestMethod]
    public void Tokens_are_asked_for_when_the_method_is_called_and_stand_where_their_signatures_are_used()
    {
        _runtime.Attach();
        Assert.AreEqual(0, _runtime.Install((10, 1, Woven())));
        Assert.AreEqual(0, FakeRuntime.MetadataRequests);
        var body = _runtime.BodyOf(10, 1)!;
        Assert.AreEqual(1, FakeRuntime.MetadataRequests);
        Assert.HasCount(12 + 13 + 3 + 28, body);
        int Token(int at) => BitConverter.ToInt32(body, at);
        Assert.AreEqual((13, 0x11000304), (Token(4), Token(8)));
        Assert.AreEqual((0x11000205, 0x11000107, 0x11000205), (Token(12 + 1), Token(12 + 5), Token(12 + 9)));
        Assert.AreEqual(0x1B000108, Token(12 + 13 + 3 + 4 + 20));
    }

    [TestMethod]
    public void Method_for_which_there_are_no_tokens_keeps_its_original_body_and_the_reason_is_told()
    {
        _runtime.Attach();
        FakeRuntime.AnswerMetadata(OutOfMemory);
        Assert.AreEqual(0, _runtime.Install((10, 1, Woven())));
        Assert.IsNull(_runtime.BodyOf(10, 1));
        Assert.AreEqual((10, 1, OutOfMemory), _runtime.TakeErrors(64).Errors.Single());
    }

    [TestMethod]
    public void Body_stays_when_it_is_asked_for_again()
    {
        Assert.AreEqual(NotAttached, _runtime.Renew(10, 1));
        _runtime.Attach();
        Assert.AreEqual(0, _runtime.Install((10, 1, One)));
        Assert.AreEqual(0, _runtime.Renew(10, 1));
        CollectionAssert.AreEqual(One, _runtime.BodyOf(10, 1));
        FakeRuntime.AnswerRequests(OutOfMemory);
        Assert.AreEqual(OutOfMemory, _runtime.Renew(10, 1));
        CollectionAssert.AreEqual(One, _runtime.BodyOf(10, 1));
    }

    [TestMethod]
    public void Request_that_fails_leaves_everything_as_it_was()
    {
        _runtime.Attach();
        Assert.AreEqual(0, _runtime.Install((10, 1, One)));
        FakeRuntime.AnswerRequests(OutOfMemory);
        Assert.AreEqual(OutOfMemory, _runtime.Install((10, 1, Two), (10, 2, Two), (10, 1, Three), (10, 2, Three)));
        CollectionAssert.AreEqual(One, _runtime.BodyOf(10, 1));
        Assert.IsNull(_runtime.BodyOf(10, 2));
        FakeRuntime.AnswerRequests(0);
        Assert.AreEqual(0, _runtime.Install((10, 1, Two), (10, 1, Three)));
        CollectionAssert.AreEqual(Three, _runtime.BodyOf(10, 1));
    }

    [TestMethod]
    public void Empty_body_is_refused_and_so_is_what_came_with_it()
    {
        _runtime.Attach();
        Assert.AreEqual(InvalidArgument, _runtime.Install((10, 1, One), (10, 2, [])));
        Assert.IsNull(_runtime.BodyOf(10, 1));
    }

    [TestMethod]
    public void Revert_that_fails_keeps_the_body()
    {
        _runtime.Attach();
        Assert.AreEqual(0, _runtime.Install((10, 1, One), (10, 2, Two)));
        FakeRuntime.AnswerReverts(0, InvalidArgument);
        Assert.AreEqual(0, _runtime.Revert((10, 1), (10, 2)));
        Assert.IsNull(_runtime.BodyOf(10, 1));
        CollectionAssert.AreEqual(Two, _runtime.BodyOf(10, 2));
        FakeRuntime.AnswerReverts();
        Assert.AreEqual(OutOfMemory, _runtime.Revert((10, 2)));
        CollectionAssert.AreEqual(Two, _runtime.BodyOf(10, 2));
    }

    [TestMethod]
    public void Errors_are_taken_once_and_those_that_do_not_fit_are_counted()
    {
        Assert.AreEqual(0, _runtime.TakeErrors(64).Count);
        for (var i = 0; i < 70; i++)
            _runtime.ReportError(10, 0x06000001 + i, InvalidArgument);
        var (count, errors) = _runtime.TakeErrors(64);
        Assert.AreEqual(70, count);
        Assert.AreEqual((10, 0x06000001, InvalidArgument), errors[0]);
        Assert.AreEqual((10, 0x06000040, InvalidArgument), errors[63]);
        Assert.AreEqual(0, _runtime.TakeErrors(64).Count);
        _runtime.ReportError(20, 0x06000007, OutOfMemory);
        (count, errors) = _runtime.TakeErrors(64);
        Assert.AreEqual(1, count);
        Assert.AreEqual((20, 0x06000007, OutOfMemory), errors.Single());
    }

    [TestMethod]
    public void Runtime_gets_whole_bodies_while_they_change()
    {
        _runtime.Attach();
        FakeRuntime.AnswerReverts(0);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var seen = 0;
            while (!done.IsCancellationRequested)
            {
                _runtime.ReportError(10, 1, InvalidArgument);
                if (_runtime.BodyOf(10, 1) is { } body)
                {
                    Assert.HasCount(body[0] * 16, body);
                    Assert.AreEqual(-1, body.AsSpan().IndexOfAnyExcept(body[0]));
                    seen++;
                }
            }
            return seen;
        })).ToArray();
        for (var i = 1; i <= 1000; i++)
        {
            var value = (byte)(i % 200 + 1);
            Assert.AreEqual(0, _runtime.Install((10, 1, [.. Enumerable.Repeat(value, value * 16)])));
            if (i % 10 == 0)
                Assert.AreEqual(0, _runtime.Revert((10, 1)));
            _runtime.TakeErrors(64);
        }
        done.Cancel();
        Assert.IsGreaterThan(0, readers.Sum(reader => reader.GetAwaiter().GetResult()));
    }
}
