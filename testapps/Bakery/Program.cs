// A console program of plain classes: no framework, nothing that emits activities. Every kind of method an app may have.
using Bakery;
using Bakery.Ovens;

var oven = new Oven();
oven.Heat(220);
var loaf = await new Baker(oven).Bake("rye");
Console.WriteLine(loaf);
foreach (var slice in loaf.Slices(3).Take(2))
    Console.WriteLine(slice);
await foreach (var order in Orders.Incoming())
    Console.WriteLine($"{order} costs {Prices.Of(order)}, twice {Prices.Of(order, 2)}");
Console.WriteLine($"first of all: {Orders.First(["rolls", "rye"])}");
try
{
    await Orders.Deliver("nowhere");
}
catch (InvalidOperationException e)
{
    Console.WriteLine(e.Message);
}
Console.WriteLine($"oven at {oven.Temperature}");
