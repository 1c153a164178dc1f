using System.Globalization;

namespace HarmonyLib.Tests;

/// <summary>A patch stands in exactly one body, however it is reached: overrides, base calls, interfaces, delegates, reflection.</summary>
[TestClass]
public sealed class DispatchTests : PatchingTest
{
    interface IShape
    {
        int Area(int scale);

        string Name() => "shape " + Area(1).ToString(CultureInfo.InvariantCulture);

        static abstract int Corners();

        static virtual string Plural() => "shapes";
    }

    class Square : IShape
    {
        public virtual int Area(int scale) => 4 * scale;

        int IShape.Area(int scale) => 5 * scale;

        public static int Corners() => 4;
    }

    sealed class Rectangle : Square, IShape
    {
        public override int Area(int scale) => base.Area(scale) + 2;
    }

    struct Dot : IShape
    {
        public int Calls;

        public int Area(int scale) => ++Calls * scale;

        public static int Corners() => 0;
    }

    static void Add100(ref int __result) => __result += 100;
    static void Shout(ref string __result) => __result = __result.ToUpperInvariant();
    static void SeeType(object __instance) => Seen.Add(__instance.GetType().Name);

    [TestMethod]
    public void A_base_method_is_patched_for_itself_and_for_base_calls_of_its_override()
    {
        Patch(Method(typeof(Square), nameof(Square.Area)), SeeType, Add100);
        Assert.AreEqual(108, new Square().Area(2));
        Assert.AreEqual(110, new Rectangle().Area(2));
        AssertSeen("Square", "Rectangle");
    }

    [TestMethod]
    public void An_override_is_patched_for_itself_only()
    {
        Patch(Method(typeof(Rectangle), nameof(Rectangle.Area)), SeeType, Add100);
        Assert.AreEqual(8, new Square().Area(2));
        Assert.AreEqual(110, ((Square)new Rectangle()).Area(2));
        AssertSeen("Rectangle");
    }

    [TestMethod]
    public void An_explicit_implementation_of_an_interface()
    {
        var implementation = typeof(Square).GetMethods(AccessTools.allDeclared).Single(method => method.Name.EndsWith("IShape.Area", StringComparison.Ordinal));
        Patch(implementation, SeeType, Add100);
        Assert.AreEqual(8, new Square().Area(2));
        Assert.AreEqual(110, ((IShape)new Square()).Area(2));
        AssertSeen("Square");
    }

    [TestMethod]
    public void An_implicit_implementation_of_an_interface()
    {
        Patch(Method(typeof(Rectangle), nameof(Rectangle.Area)), SeeType, Add100);
        Assert.AreEqual(110, ((IShape)new Rectangle()).Area(2));
        AssertSeen("Rectangle");
    }

    [TestMethod]
    public void A_default_method_of_an_interface_for_classes_and_boxed_structs()
    {
        Patch(Method(typeof(IShape), nameof(IShape.Name)), SeeType, Shout);
        Assert.AreEqual("SHAPE 5", ((IShape)new Square()).Name());
        Assert.AreEqual("SHAPE 1", ((IShape)new Dot()).Name());
        AssertSeen("Square", "Dot");
    }

    [TestMethod]
    public void Static_methods_behind_an_interface()
    {
        static int Corners<T>() where T : IShape => T.Corners();
        static string Plural<T>() where T : IShape => T.Plural();
        Patch(Method(typeof(Square), nameof(Square.Corners)), postfix: Add100);
        Patch(Method(typeof(IShape), "Plural"), postfix: Shout);
        Assert.AreEqual((104, 0), (Corners<Square>(), Corners<Dot>()));
        Assert.AreEqual("SHAPES", Plural<Dot>());
    }

    static void SeeDot(ref Dot __instance) => __instance.Calls += 10;

    [TestMethod]
    public void A_struct_behind_an_interface_is_changed_in_its_box()
    {
        Patch(Method(typeof(Dot), nameof(Dot.Area)), SeeDot, Add100);
        IShape boxed = new Dot();
        Assert.AreEqual(111, boxed.Area(1));
        Assert.AreEqual(122, boxed.Area(1));
        static int Constrained<T>(ref T shape) where T : IShape => shape.Area(1);
        var dot = new Dot();
        Assert.AreEqual(111, Constrained(ref dot));
        Assert.AreEqual(11, dot.Calls);
    }

    [TestMethod]
    public void Delegates_and_reflection_that_existed_before_reach_the_patch()
    {
        var square = new Square();
        Func<int, int> closed = square.Area;
        var open = Method(typeof(Square), nameof(Square.Area)).CreateDelegate<Func<Square, int, int>>();
        var invoker = System.Reflection.MethodInvoker.Create(Method(typeof(Square), nameof(Square.Area)));
        Assert.AreEqual((4, 4, 4), (closed(1), open(square, 1), (int)invoker.Invoke(square, 1)!));
        Patch(Method(typeof(Square), nameof(Square.Area)), postfix: Add100);
        Assert.AreEqual((104, 104, 104), (closed(1), open(square, 1), (int)invoker.Invoke(square, 1)!));
        Guarded.UnpatchAll();
        Assert.AreEqual((4, 4, 4), (closed(1), open(square, 1), (int)invoker.Invoke(square, 1)!));
    }

    [TestMethod]
    public unsafe void A_function_pointer_that_existed_before_reaches_the_patch()
    {
        var corners = (delegate*<int>)Method(typeof(Square), nameof(Square.Corners)).MethodHandle.GetFunctionPointer();
        Assert.AreEqual(4, corners());
        Patch(Method(typeof(Square), nameof(Square.Corners)), postfix: Add100);
        Assert.AreEqual(104, corners());
    }

    [TestMethod]
    public void Methods_without_a_body_are_refused()
    {
        Assert.AreEqual("it is abstract", Refusal(Method(typeof(IShape), nameof(IShape.Area)), postfix: Add100));
        Assert.AreEqual("it is abstract", Refusal(Method(typeof(IShape), "Corners"), postfix: Add100));
        Assert.AreEqual("it has no IL (extern)", Refusal(typeof(Func<int>).GetMethod("Invoke")!, postfix: Add100));
    }
}
