//! The program from outside, and the rules of the house.

mod budgets;
mod names;
mod supply;
mod tokens;
mod tree;
