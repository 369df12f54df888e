//! Published tables, and what was published of them.

mod bales_murphy_silverman_2020;
mod binette_steorts_2022;
mod chan_silverman_vincent_2021;
mod chao_et_al_1997;
mod chao_et_al_2001;
mod cormack_1992;
mod efron_1987;
mod madigan_york_1997;
mod manrique_vallier_2016;
mod silverman_chan_vincent_2024;
mod tables;
