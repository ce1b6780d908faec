global using FlowCore.Compute;
global using Activation = FlowCore.Compute.UnaryFunction;
